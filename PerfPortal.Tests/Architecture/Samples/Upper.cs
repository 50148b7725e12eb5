namespace PerfPortal.Tests.Architecture.Samples.Upper;

internal class Target
{
    public static readonly int Shared = Environment.ProcessId;

    public static int Call() => Shared;

    public sealed class Nested;
}

internal interface ITarget;

internal sealed class TargetException : Exception;

internal struct TargetValue;

internal sealed class TargetOf<T>;

internal static class TargetExtensions
{
    public static int Twice(this int number) => 2 * number;
}

[AttributeUsage(AttributeTargets.All)]
internal sealed class TargetAttribute : Attribute;
