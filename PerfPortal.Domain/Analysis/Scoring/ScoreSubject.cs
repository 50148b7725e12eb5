using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Analysis.Scoring;

/// <summary>What the score judges by itself: a name, or several names that run too rarely, taken together.</summary>
/// <param name="MetricType">The type; <see langword="null"/> for rare names of several types.</param>
/// <param name="Names">The names.</param>
/// <param name="Group">The figures.</param>
internal sealed record ScoreSubject(MetricType? MetricType, IReadOnlyList<OperationGroup> Names, OperationGroup Group)
{
    /// <summary>The minimum number of operations of a name that is judged by itself.</summary>
    public const long MinimumOperations = 10;

    /// <summary>The name in words.</summary>
    public string Words => Names is [var only] ? only.Name : $"{Names.Count} rarely run names";

    /// <summary>
    /// Names with enough operations by themselves; the rare ones of a type together; what is still too little, over all types together, unless that is too little as well and there
    /// is anything else. A subject depends on no other, so operations of one name do not hide those of another.
    /// </summary>
    public static IReadOnlyList<ScoreSubject> Of(AnalysisInput input)
    {
        var subjects = new List<ScoreSubject>();
        var rest = new List<OperationGroup>();
        foreach (var type in input.Groups.Where(group => group.Statistics.Count > 0).GroupBy(group => group.MetricType))
        {
            subjects.AddRange(type.Where(IsEnough).Select(name => new ScoreSubject(type.Key, [name], name)));
            List<OperationGroup> rare = [.. type.Where(name => !IsEnough(name))];
            if (rare.Sum(name => name.Statistics.Count) >= MinimumOperations)
            {
                subjects.Add(Together(type.Key, rare));
            }
            else
            {
                rest.AddRange(rare);
            }
        }

        if (rest.Count > 0 && (subjects.Count == 0 || rest.Sum(name => name.Statistics.Count) >= MinimumOperations))
        {
            subjects.Add(Together(null, rest));
        }

        return subjects;
    }

    private static bool IsEnough(OperationGroup name) => name.Statistics.Count >= MinimumOperations;

    private static ScoreSubject Together(MetricType? type, IReadOnlyList<OperationGroup> names) =>
        new(type, names, OperationGroup.Of(default, "", FigureMerge.Of(names.Select(name => name.Figures)), AnalysisInput.Window));
}
