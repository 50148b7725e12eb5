namespace PerfPortal.Server.Wire.Parameters;

/// <summary>A query parameter.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
/// <param name="name">The name.</param>
/// <param name="fallback">The value when the parameter is missing or invalid.</param>
internal abstract class QueryParameter<T>(string name, T fallback) : Parameter(name)
{
    /// <summary>The value when the parameter is missing or invalid.</summary>
    public T Fallback { get; } = fallback;

    /// <summary>The maximum length of the text, in characters.</summary>
    public virtual int MaxLength => QueryReader.MaxTextLength;

    /// <summary>What a valid value is, to follow the name in an error: <c>must be …</c>.</summary>
    public abstract string Requirement { get; }

    /// <summary>Parses a text of at most <see cref="MaxLength"/> characters.</summary>
    public abstract bool TryParse(string text, out T value);
}
