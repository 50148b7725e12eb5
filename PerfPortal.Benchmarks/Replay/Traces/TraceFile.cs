using System.Runtime.CompilerServices;

namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>A trace on disk: CSV under a header row, plain or gzip-compressed. Rows are read one at a time and never held.</summary>
internal sealed class TraceFile
{
    private readonly string _path;

    private TraceFile(string path, string trace, TraceShape shape)
    {
        _path = path;
        Trace = trace;
        Shape = shape;
    }

    /// <summary>The file's name without directories and <c>.gz</c>: with a row's number, the row's identity.</summary>
    public string Trace { get; }

    /// <summary>How its rows are read.</summary>
    public TraceShape Shape { get; }

    /// <summary>Opens a file and recognises its shape.</summary>
    /// <exception cref="TraceFormatException">The file is missing, unreadable, not what its name suggests, or in an unknown format.</exception>
    public static async Task<TraceFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        string trace = Path.GetFileName(path);
        if (trace.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            trace = trace[..^3];
        }

        return await ReadableAsync(path, async () =>
        {
            using var reader = Reader(path);
            string? header = await reader.ReadLineAsync(cancellationToken);
            return header is null
                ? throw new TraceFormatException($"{path}: the file is empty.")
                : new TraceFile(path, trace, TraceShape.Of(trace, Columns(header).Keys));
        });
    }

    /// <summary>The rows, in the file's order. A row that cannot be read is a <see cref="SkippedRow"/> of the reason <c>malformed</c>.</summary>
    /// <param name="source">The source of rows that name no host.</param>
    /// <param name="limit">The most rows to read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="TraceFormatException">The file broke off or cannot be read any more.</exception>
    public async IAsyncEnumerable<TraceRow> RowsAsync(string source, long limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = Reader(_path);
        var columns = Columns(await ReadableAsync(_path, () => reader.ReadLineAsync(cancellationToken).AsTask()) ?? "");
        for (long number = 1; number <= limit;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string? line = await ReadableAsync(_path, () => reader.ReadLineAsync(cancellationToken).AsTask());
            if (line is null)
            {
                yield break;
            }

            if (line.Length == 0)
            {
                continue;
            }

            yield return Row(line, number++, columns, source);
        }
    }

    private TraceRow Row(string line, long number, Dictionary<string, int> columns, string source)
    {
        string[] fields = CsvRow.Split(line);
        if (fields.Length != columns.Count)
        {
            return new SkippedRow("malformed: wrong number of fields");
        }

        try
        {
            return Shape.Read(new CsvRow(Trace, number, columns, fields), source);
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            return new SkippedRow("malformed: a field is not what its column promises");
        }
    }

    private static StreamReader Reader(string path)
    {
        Stream file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return new StreamReader(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new CheckedGzip(file) : file);
    }

    private static Dictionary<string, int> Columns(string header)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in CsvRow.Split(header))
        {
            if (!columns.TryAdd(name.Trim(), columns.Count))
            {
                throw new TraceFormatException($"The header names the column {name.Trim()} twice.");
            }
        }

        return columns;
    }

    private static async Task<T> ReadableAsync<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TraceFormatException($"{path}: no such file.", e);
        }
        catch (InvalidDataException e)
        {
            throw new TraceFormatException($"{path}: not a whole gzip file. {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TraceFormatException($"{path}: cannot be read ({e.Message})", e);
        }
    }
}
