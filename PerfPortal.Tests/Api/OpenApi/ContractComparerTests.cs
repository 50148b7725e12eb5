using System.Text.Json.Nodes;
using Xunit;

namespace PerfPortal.Tests.Api.OpenApi;

public sealed class ContractComparerTests
{
    private const string Before = """
        {
          "paths": {
            "/things/{id}": {
              "post": {
                "operationId": "ChangeThing",
                "parameters": [
                  { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                  { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 100, "default": 10 } },
                  { "name": "kind", "in": "query", "schema": { "$ref": "#/components/schemas/Kind" } }
                ],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Change" } } } },
                "responses": {
                  "200": { "description": "", "headers": { "ETag": {} }, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } },
                  "404": { "$ref": "#/components/responses/NotFound" }
                },
                "security": [ { "key": [ "read" ] } ]
              }
            }
          },
          "components": {
            "responses": { "NotFound": { "description": "", "content": { "application/problem+json": { "schema": { "type": "object" } } } } },
            "schemas": {
              "Kind": { "type": "string", "enum": [ "a", "b" ] },
              "Change": { "type": "object", "required": [ "name" ], "properties": {
                "name": { "type": "string", "maxLength": 200 }, "size": { "type": [ "number", "null" ] }, "tags": { "type": "array", "maxItems": 5, "items": { "type": "string" } } } },
              "Thing": { "type": "object", "required": [ "name", "parts" ], "properties": {
                "name": { "type": "string" }, "size": { "type": [ "integer", "null" ], "format": "int32" }, "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } },
                "kind": { "$ref": "#/components/schemas/Kind" } } }
            }
          }
        }
        """;

    private const string Operation = "/paths/~1things~1{id}/post";

    [Fact]
    public void The_same_contract_breaks_nothing() => Assert.Empty(Breaks(_ => { }));

    [Theory]
    [InlineData(Operation + "/responses/500", """{ "description": "" }""")]
    [InlineData(Operation + "/parameters/-", """{ "name": "q", "in": "query", "schema": { "type": "string" } }""")]
    [InlineData(Operation + "/parameters/1/schema/maximum", "1000")]
    [InlineData(Operation + "/parameters/0/name", "\"key\"")]
    [InlineData("/components/schemas/Kind/enum/-", "\"c\"")]
    [InlineData("/components/schemas/Change/properties/name/maxLength", "300")]
    [InlineData("/components/schemas/Change/properties/note", """{ "type": "string" }""")]
    [InlineData("/components/schemas/Change/required", "[]")]
    [InlineData("/components/schemas/Change/properties/name/type", """[ "string", "number" ]""")]
    [InlineData("/components/schemas/Thing/properties/note", """{ "type": "string" }""")]
    [InlineData("/components/schemas/Thing/properties/size/type", "\"integer\"")]
    [InlineData("/components/schemas/Thing/required", """[ "name", "parts", "size" ]""")]
    [InlineData("/paths/~1others", """{ "get": { "operationId": "ListOthers", "responses": {} } }""")]
    public void An_addition_breaks_nothing(string place, string value) => Assert.Empty(Breaks(root => Put(root, place, value)));

    [Theory]
    [InlineData("/paths/~1things~1{id}", null, "the operation is gone")]
    [InlineData(Operation, null, "the operation is gone")]
    [InlineData(Operation + "/operationId", "\"EditThing\"", "operationId")]
    [InlineData(Operation + "/parameters/1", null, "the parameter query limit is gone")]
    [InlineData(Operation + "/parameters/1/name", "\"max\"", "the parameter query limit is gone")]
    [InlineData(Operation + "/parameters/1/required", "true", "is required now")]
    [InlineData(Operation + "/parameters/-", """{ "name": "q", "in": "query", "required": true, "schema": { "type": "string" } }""", "the new parameter query q is required")]
    [InlineData(Operation + "/parameters/1/schema/maximum", "50", "maximum is 50 instead of 100")]
    [InlineData(Operation + "/parameters/1/schema/minimum", "2", "minimum is 2 instead of 1")]
    [InlineData(Operation + "/parameters/1/schema/default", "20", "the default is 20 instead of 10")]
    [InlineData(Operation + "/parameters/1/schema/type", "\"boolean\"", "the type integer is no longer accepted")]
    [InlineData("/components/schemas/Kind/enum/1", null, "the values b are no longer accepted")]
    [InlineData(Operation + "/requestBody/required", "true", "the body is required now")]
    [InlineData(Operation + "/requestBody/content/application~1json", null, "no longer accepted as application/json")]
    [InlineData("/components/schemas/Change/properties/size", null, "the member size is gone")]
    [InlineData("/components/schemas/Change/required", """[ "name", "size" ]""", "size is required now")]
    [InlineData("/components/schemas/Change/properties/name/maxLength", "100", "maxLength is 100 instead of 200")]
    [InlineData("/components/schemas/Change/properties/name/pattern", "\"^x\"", "pattern is")]
    [InlineData("/components/schemas/Change/properties/size/type", "\"number\"", "the type null is no longer accepted")]
    [InlineData("/components/schemas/Change/properties/tags/maxItems", "4", "maxItems is 4 instead of 5")]
    [InlineData("/components/schemas/Change/properties/tags/items/maxLength", "10", "maxLength is 10")]
    [InlineData(Operation + "/responses/200", null, "the answer 200 is gone")]
    [InlineData(Operation + "/responses/200/headers/ETag", null, "lacks the header ETag")]
    [InlineData(Operation + "/responses/200/content/application~1json", null, "no longer exists as application/json")]
    [InlineData("/components/responses/NotFound/content/application~1problem+json", null, "no longer exists as application/problem+json")]
    [InlineData("/components/schemas/Thing/properties/name", null, "the member name is gone")]
    [InlineData("/components/schemas/Thing/required", """[ "name" ]""", "parts can be missing now")]
    [InlineData("/components/schemas/Thing/properties/name/type", """[ "string", "null" ]""", "the type can be null now")]
    [InlineData("/components/schemas/Thing/properties/size/type", "\"string\"", "the type can be string now")]
    [InlineData("/components/schemas/Thing/properties/size/format", "\"int64\"", "the format int32 is gone")]
    [InlineData(Operation + "/security/0/key", """[ "admin" ]""", "no longer gives access")]
    public void A_change_that_clients_notice_is_found(string place, string? value, string expected)
    {
        var breaks = Breaks(root => Put(root, place, value));
        Assert.Contains(breaks, sentence => sentence.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_can_become_one_of_several_forms_in_a_request_and_not_in_an_answer()
    {
        Assert.Empty(Breaks(root => Put(root, "/components/schemas/Change/properties/name", """{ "oneOf": [ { "type": "number" }, { "type": "string", "maxLength": 200 } ] }""")));
        Assert.NotEmpty(Breaks(root => Put(root, "/components/schemas/Change/properties/name", """{ "oneOf": [ { "type": "number" }, { "type": "string", "maxLength": 20 } ] }""")));
        Assert.NotEmpty(Breaks(root => Put(root, "/components/schemas/Thing/properties/name", """{ "oneOf": [ { "type": "number" }, { "type": "string" } ] }""")));
    }

    private static IReadOnlyList<string> Breaks(Action<JsonNode> change)
    {
        var root = JsonNode.Parse(Before)!;
        change(root);
        return ContractComparer.Breaks(Contract.Parse(Before), Contract.Parse(root.ToJsonString()));
    }

    /// <summary>Sets the value at a JSON pointer, or removes it.</summary>
    private static void Put(JsonNode root, string pointer, string? value)
    {
        string[] names = [.. pointer.Split('/').Skip(1).Select(name => name.Replace("~1", "/", StringComparison.Ordinal))];
        var at = names[..^1].Aggregate(root, (node, name) => node is JsonArray array ? array[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : node[name]!);
        var parsed = value is null ? null : JsonNode.Parse(value);
        if (at is JsonArray list && names[^1] == "-")
        {
            list.Add(parsed);
        }
        else if (at is JsonArray items)
        {
            int index = int.Parse(names[^1], System.Globalization.CultureInfo.InvariantCulture);
            items.RemoveAt(index);
        }
        else if (parsed is null)
        {
            at.AsObject().Remove(names[^1]);
        }
        else
        {
            at[names[^1]] = parsed;
        }
    }
}
