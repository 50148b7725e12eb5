namespace PerfPortal.Server.Wire;

/// <summary>Marks a member that a response may lack. Every other member of a response is always present, and null when it has no value.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionalMemberAttribute : Attribute;
