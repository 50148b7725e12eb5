using System.Text.Json;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>Accepts any JSON object.</summary>
internal class ObjectVisitor : IJsonVisitor
{
    /// <summary>Whether the outermost object was read to its end.</summary>
    public bool IsDone { get; private set; }

    public virtual void OnToken(ref Utf8JsonReader reader, long offset)
    {
        if (reader.CurrentDepth == 0)
        {
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
            {
                throw new MalformedException(HealthReasonKinds.Json, offset, null, "The text is not a JSON object.");
            }

            IsDone = reader.TokenType == JsonTokenType.EndObject;
        }
    }
}

/// <summary>Reads the vocabulary size of a <c>config.json</c>, stated for the model or for its text part.</summary>
internal sealed class ConfigVisitor(StructureReport report) : ObjectVisitor
{
    private bool _inText;
    private bool _isSize;

    public override void OnToken(ref Utf8JsonReader reader, long offset)
    {
        base.OnToken(ref reader, offset);
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            _inText = reader.CurrentDepth == 1 ? reader.ValueTextEquals("text_config"u8) : _inText;
            _isSize = (reader.CurrentDepth == 1 || (_inText && reader.CurrentDepth == 2)) && reader.ValueTextEquals("vocab_size"u8);
        }
        else if (_isSize)
        {
            _isSize = false;
            if (reader.TokenType != JsonTokenType.Null && (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long size) || size < 1))
            {
                throw new MalformedException(HealthReasonKinds.Header, offset, null, "vocab_size must be a whole number of at least 1.");
            }

            report.VocabularySize = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long stated) ? Math.Max(stated, report.VocabularySize ?? 0) : report.VocabularySize;
        }
    }
}

/// <summary>Reads the largest token id of a <c>tokenizer.json</c>: <c>model.vocab</c> is an object of ids, or an array whose places are the ids.</summary>
internal sealed class TokenizerVisitor(StructureReport report) : ObjectVisitor
{
    private bool _inModel;
    private bool _inVocabulary;
    private long _entries;

    public bool HasModel { get; private set; }

    public override void OnToken(ref Utf8JsonReader reader, long offset)
    {
        base.OnToken(ref reader, offset);
        switch (reader.CurrentDepth)
        {
            case 1 when reader.TokenType == JsonTokenType.PropertyName:
                _inModel = reader.ValueTextEquals("model"u8);
                HasModel |= _inModel;
                break;
            case 2 when _inModel && reader.TokenType == JsonTokenType.PropertyName:
                _inVocabulary = reader.ValueTextEquals("vocab"u8);
                break;
            case 3 when _inVocabulary && _inModel:
                OnEntry(ref reader, offset);
                break;
            default:
                break;
        }
    }

    private void OnEntry(ref Utf8JsonReader reader, long offset)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            report.LargestTokenId = _entries++;
        }
        else if (reader.TokenType == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out long id) || id < 0)
            {
                throw new MalformedException(HealthReasonKinds.Header, offset, null, "A token id must be a whole number of at least 0.");
            }

            report.LargestTokenId = Math.Max(report.LargestTokenId ?? 0, id);
        }
    }
}

/// <summary>Reads which tensors an index puts into which file: <c>{ "metadata": { … }, "weight_map": { "TENSOR": "FILE" } }</c>.</summary>
internal sealed class IndexVisitor(StructureReport report) : ObjectVisitor
{
    private const int MaxFiles = 10_000;

    private readonly Dictionary<string, HashSet<ulong>> _files = new(StringComparer.Ordinal);
    private bool _inMap;
    private ulong _tensor;

    public override void OnToken(ref Utf8JsonReader reader, long offset)
    {
        base.OnToken(ref reader, offset);
        report.Index = _files;
        if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
        {
            _inMap = reader.ValueTextEquals("weight_map"u8);
        }
        else if (_inMap && reader.CurrentDepth == 2)
        {
            OnEntry(ref reader, offset);
        }
    }

    private void OnEntry(ref Utf8JsonReader reader, long offset)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            _tensor = Names.Hash(ref reader);
            return;
        }

        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > 1_024 || reader.GetString() is not { } file || !Manifests.ManifestFile.IsSafe(file))
        {
            throw new MalformedException(HealthReasonKinds.Header, offset, null, "The weight_map must name a file beside the index for each tensor.");
        }

        if (!_files.TryGetValue(file, out var tensors))
        {
            if (_files.Count == MaxFiles)
            {
                throw new MalformedException(HealthReasonKinds.Limit, offset, null, $"The weight_map names more than {Format.Count(MaxFiles)} files.");
            }

            _files.Add(file, tensors = []);
        }

        if (tensors.Count < TensorSpans.Max && !tensors.Add(_tensor))
        {
            throw new MalformedException(HealthReasonKinds.Header, offset, null, "The weight_map has a tensor twice.");
        }
    }
}
