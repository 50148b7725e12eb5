namespace PerfPortal.Benchmarks.Measuring;

/// <summary>Something that a verb needs is missing or does not work; the message says what.</summary>
internal sealed class MeasuringException(string message) : Exception(message);
