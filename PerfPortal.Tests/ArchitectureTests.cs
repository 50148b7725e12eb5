using System.Reflection;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests;

/// <summary>The floors of the domain: a folder knows its own floor and those below.</summary>
public sealed class ArchitectureTests
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private const string Root = "PerfPortal.Domain.";

    private static readonly Dictionary<string, int> Floors = new(StringComparer.Ordinal)
    {
        ["Operations"] = 0,
        ["Resources"] = 0,
        ["Statistics"] = 0,
        ["Settings"] = 0,
        ["Text"] = 0,
        ["Journal"] = 1,
        ["Findings"] = 1,
        ["Tracking"] = 2,
        ["Sampling"] = 2,
        ["Analysis"] = 2,
    };

    private static readonly Assembly Domain = typeof(Operation).Assembly;

    [Fact]
    public void Every_folder_of_the_domain_has_a_floor() =>
        Assert.Empty(Domain.GetTypes().Select(FolderOf).OfType<string>().Distinct().Except(Floors.Keys));

    [Fact]
    public void No_folder_knows_a_higher_floor()
    {
        var known = Domain.GetTypes().SelectMany(type => References(type).Select(other => (Type: type, Other: other))).ToList();
        Assert.Contains(known, pair => FolderOf(pair.Type) == "Analysis" && FolderOf(pair.Other) == "Journal");
        var upward = known
            .Where(pair => FolderOf(pair.Type) is { } from && FolderOf(pair.Other) is { } to && Floors[to] > Floors[from])
            .Select(pair => $"{pair.Type.FullName} knows {pair.Other.FullName}").Distinct();
        Assert.Empty(upward);
    }

    [Fact]
    public void The_domain_knows_no_database_no_web_server_and_no_page()
    {
        string[] foreign = ["Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore", "Microsoft.Data", "MudBlazor", "PerfPortal"];
        Assert.DoesNotContain(
            Domain.GetReferencedAssemblies(), assembly => foreign.Any(name => assembly.Name!.StartsWith(name, StringComparison.Ordinal)));
    }

    private static string? FolderOf(Type type) => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true ? type.Namespace[Root.Length..].Split('.')[0] : null;

    private static IEnumerable<Type> References(Type type)
    {
        var direct = new List<Type?> { type.BaseType };
        direct.AddRange(type.GetInterfaces());
        direct.AddRange(type.GetFields(Own).Select(field => field.FieldType));
        foreach (var method in type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own)))
        {
            direct.AddRange(method.GetParameters().Select(parameter => parameter.ParameterType));
            direct.Add((method as MethodInfo)?.ReturnType);
            direct.AddRange(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []);
        }

        return direct.OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }
}
