namespace PerfPortal.Server.Wire;

/// <summary>What was found in a series.</summary>
/// <param name="Points">The number of values.</param>
/// <param name="StepSeconds">The time between two values in seconds: the median of the timestamps, otherwise 300.</param>
/// <param name="Anomalies">The unusual stretches, oldest first.</param>
/// <param name="AnomaliesFromIndex">The index of the first value that is judged; what precedes it is only learnt from. Equal to the number of values when there are too few.</param>
internal sealed record DetectBody(int Points, double StepSeconds, IReadOnlyList<DetectedAnomalyBody> Anomalies, int AnomaliesFromIndex);

/// <summary>A stretch that is unlike the past of the series.</summary>
/// <param name="From">The time of its first value; null without timestamps.</param>
/// <param name="To">The time of its last value; null without timestamps.</param>
/// <param name="FromIndex">The index of its first value.</param>
/// <param name="ToIndex">The index of its last value.</param>
/// <param name="Score">How unusual it is, 0–1: 0.5 means that one stretch in 100 was as unusual, 0.6 one in 1,000.</param>
internal sealed record DetectedAnomalyBody(DateTimeOffset? From, DateTimeOffset? To, int FromIndex, int ToIndex, double Score);
