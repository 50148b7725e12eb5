namespace PerfPortal.Server.Wire;

/// <summary>What was found in a series.</summary>
/// <param name="Points">The number of values.</param>
/// <param name="StepSeconds">The time between two values in seconds: the median of the timestamps, otherwise 300.</param>
/// <param name="Anomalies">The unusual stretches, oldest first.</param>
/// <param name="AnomaliesFromIndex">The index of the first value that is judged; what precedes it is only learnt from. Equal to the number of values when there are too few.</param>
/// <param name="ChangePoints">Where the values begin to lie at another level, oldest first; none below 20 values.</param>
/// <param name="ChangePointsFromIndex">The index of the first value in which they are sought: the newest 10,000 are examined.</param>
/// <param name="Forecast">The expected course; null when there are too few values.</param>
/// <param name="ForecastReason">Why there is no forecast; otherwise null.</param>
internal sealed record DetectBody(
    int Points, double StepSeconds, IReadOnlyList<DetectedAnomalyBody> Anomalies, int AnomaliesFromIndex, IReadOnlyList<DetectedChangeBody> ChangePoints,
    int ChangePointsFromIndex, SeriesForecastBody? Forecast, string? ForecastReason);

/// <summary>A stretch that is unlike the past of the series.</summary>
/// <param name="From">The time of its first value; null without timestamps.</param>
/// <param name="To">The time of its last value; null without timestamps.</param>
/// <param name="FromIndex">The index of its first value.</param>
/// <param name="ToIndex">The index of its last value.</param>
/// <param name="Score">How unusual it is, 0–1: 0.5 means that one stretch in 100 was as unusual, 0.6 one in 1,000.</param>
internal sealed record DetectedAnomalyBody(DateTimeOffset? From, DateTimeOffset? To, int FromIndex, int ToIndex, double Score);

/// <summary>A point from which on the values lie at another level. An interval is one of 95 % confidence.</summary>
/// <param name="At">The time of the first value at the new level; null without timestamps.</param>
/// <param name="AtLow">The earliest plausible time; null without timestamps.</param>
/// <param name="AtHigh">The latest plausible time; null without timestamps.</param>
/// <param name="Index">The index of the first value at the new level.</param>
/// <param name="IndexLow">The first plausible index.</param>
/// <param name="IndexHigh">The last plausible index.</param>
/// <param name="Before">The median of the values since the change before this one.</param>
/// <param name="After">The median of the values up to the next change.</param>
/// <param name="Size">After minus before.</param>
/// <param name="SizeLow">The lower end of the interval of the size.</param>
/// <param name="SizeHigh">The upper end of the interval of the size.</param>
/// <param name="Confidence">1 minus the probability that a series without any change shows one this clear, 0–1.</param>
internal sealed record DetectedChangeBody(
    DateTimeOffset? At, DateTimeOffset? AtLow, DateTimeOffset? AtHigh, int Index, int IndexLow, int IndexHigh, double Before, double After, double Size,
    double SizeLow, double SizeHigh, double Confidence);

/// <summary>The expected course of a series.</summary>
/// <param name="Horizon">The number of steps.</param>
/// <param name="Points">The steps after the last measured value, oldest first.</param>
/// <param name="Limit">When the limit of the request will be reached; null without one.</param>
internal sealed record SeriesForecastBody(int Horizon, IReadOnlyList<ForecastPointBody> Points, ForecastLimitBody? Limit);

/// <summary>The expected value of a step.</summary>
/// <param name="At">The time; null without timestamps.</param>
/// <param name="Value">The expected value.</param>
/// <param name="Low">The 10 % quantile of the possible courses.</param>
/// <param name="High">The 90 % quantile of the possible courses.</param>
internal sealed record ForecastPointBody(DateTimeOffset? At, double Value, double Low, double High);

/// <summary>When a limit will be reached: from below, or from above when the last value exceeds it. Without steps it is not expected within the horizon.</summary>
/// <param name="Value">The limit.</param>
/// <param name="Probability">The share of the possible courses that reach it within the horizon, 0–1. The other members are null when it is below a third.</param>
/// <param name="EarlySteps">The 10 % quantile of the number of steps until then, among the courses that reach it.</param>
/// <param name="MedianSteps">The median number of steps.</param>
/// <param name="LateSteps">The 90 % quantile.</param>
/// <param name="EarlyAt">The time of the 10 % quantile; null without timestamps.</param>
/// <param name="MedianAt">The time of the median; null without timestamps.</param>
/// <param name="LateAt">The time of the 90 % quantile; null without timestamps.</param>
internal sealed record ForecastLimitBody(
    double Value, double Probability, int? EarlySteps, int? MedianSteps, int? LateSteps, DateTimeOffset? EarlyAt, DateTimeOffset? MedianAt, DateTimeOffset? LateAt);
