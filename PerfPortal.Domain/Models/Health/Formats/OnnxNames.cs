using System.IO.Hashing;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>What a name of a value in an ONNX graph is there for.</summary>
internal enum OnnxName
{
    None,

    /// <summary>The graph has a value with this name.</summary>
    Defined,

    /// <summary>A node or the graph's output needs a value with this name.</summary>
    Used,
}

/// <summary>
/// Finds the names that nodes use and no node, input or initializer of their graph, or of a graph around it, defines. A name is often the only thing in which two parts of a file can contradict
/// each other. The order of the nodes is not examined, as not all programs keep to it.
/// </summary>
/// <param name="report">Gets what is found.</param>
/// <param name="source">The file: of a name only its place is held, and it is read again if it is reported.</param>
/// <param name="maxNames">The maximum number of names.</param>
internal sealed class OnnxNames(StructureReport report, ByteSource source, int maxNames = OnnxNames.MaxNames)
{
    public const int MaxNames = 1_000_000;

    private const int MaxReported = 5;

    private readonly Stack<Scope> _scopes = new();
    private int _count;
    private int _reported;
    private bool _isOff;

    /// <summary>A graph or a function begins.</summary>
    public void Begin() => _scopes.Push(new());

    /// <summary>Takes a name.</summary>
    /// <param name="name">The name as UTF-8; an empty one stands for an optional value that is left out.</param>
    /// <param name="kind">What it is there for.</param>
    /// <param name="at">Its first byte in the file.</param>
    public void Add(ReadOnlySpan<byte> name, OnnxName kind, long at)
    {
        if (kind == OnnxName.None || name.IsEmpty || _isOff || !_scopes.TryPeek(out var scope))
        {
            return;
        }

        if (++_count > maxNames)
        {
            _isOff = true;
            report.Add(
                HealthReasonKinds.Limit, at, null, $"The graphs have more than {Format.Count(maxNames)} names; that all are defined is not examined.", HealthSeverity.Warning);
            return;
        }

        ulong hash = XxHash3.HashToUInt64(name);
        if (kind == OnnxName.Defined)
        {
            scope.Defined.Add(hash);
        }
        else if (!scope.Defined.Contains(hash) && !scope.Used.ContainsKey(hash))
        {
            scope.Used.Add(hash, (at, name.Length));
        }
    }

    /// <summary>Some names are not known: nothing can be said of the others.</summary>
    public void TurnOff() => _isOff = true;

    /// <summary>The graph or function ends: what it does not define must come from the graph around it.</summary>
    /// <param name="isExamined">Whether that one is known.</param>
    public void End(bool isExamined)
    {
        var scope = _scopes.Pop();
        if (_isOff)
        {
            return;
        }

        foreach (var (hash, use) in scope.Used.Where(use => !scope.Defined.Contains(use.Key)).OrderBy(use => use.Value.At))
        {
            if (_scopes.TryPeek(out var outer))
            {
                outer.Used.TryAdd(hash, use);
            }
            else if (isExamined && _reported++ < MaxReported)
            {
                report.Add(HealthReasonKinds.Contradiction, use.At, null, $"The name '{Show(use)}' at byte {Format.Count(use.At)} is used in the graph, and no input, initializer or node has it.");
            }
        }
    }

    private string Show((long At, int Length) use)
    {
        Span<byte> name = stackalloc byte[Math.Min(use.Length, Names.Max + 1)];
        return Names.Show(name[..source.Read(use.At, name)]);
    }

    private sealed class Scope
    {
        public HashSet<ulong> Defined { get; } = [];

        public Dictionary<ulong, (long At, int Length)> Used { get; } = [];
    }
}
