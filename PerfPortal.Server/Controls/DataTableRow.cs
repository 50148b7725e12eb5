namespace PerfPortal.Server.Controls;

/// <summary>
/// A row of a <see cref="DataTable{T}"/>. Rows with the same key are equal, so the grid updates a row in place when its item was read again;
/// otherwise each update would recreate every row and lose the focus.
/// </summary>
/// <typeparam name="T">The item type.</typeparam>
/// <param name="key">The key across renders.</param>
/// <param name="item">The item.</param>
/// <param name="isFirst">Whether it is the first row, which is the tab stop.</param>
public sealed class DataTableRow<T>(object key, T item, bool isFirst) : IEquatable<DataTableRow<T>>
{
    /// <summary>The item.</summary>
    public T Item { get; } = item;

    /// <summary>Whether it is the first row.</summary>
    public bool IsFirst { get; } = isFirst;

    private object Key { get; } = key;

    /// <inheritdoc/>
    public bool Equals(DataTableRow<T>? other) => other is not null && Key.Equals(other.Key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DataTableRow<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode();
}
