using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using PerfPortal.Benchmarks.Replay.Traces;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>
/// The compressed body of one request, written row by row: NDJSON for operations, a JSON array for samples.
/// It holds one batch; after <see cref="Finish"/> it is empty again and its buffer is reused.
/// </summary>
internal sealed class ReportBody : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly TraceKind _kind;
    private readonly TimeSpan _shift;
    private GZipStream? _gzip;
    private Utf8JsonWriter? _json;

    /// <summary>An empty body.</summary>
    /// <param name="kind">What its rows are.</param>
    /// <param name="shift">What is added to every time.</param>
    public ReportBody(TraceKind kind, TimeSpan shift)
    {
        _kind = kind;
        _shift = shift;
    }

    /// <summary>The body's media type.</summary>
    public string MediaType => _kind == TraceKind.Operations ? "application/x-ndjson" : "application/json";

    /// <summary>Rows written since the last <see cref="Finish"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Appends an operation or a sample.</summary>
    /// <exception cref="ArgumentException">The row is neither.</exception>
    public void Add(TraceRow row)
    {
        if (_gzip is null || _json is null)
        {
            _bytes.SetLength(0);
            _gzip = new GZipStream(_bytes, CompressionLevel.Fastest, leaveOpen: true);
            _json = new Utf8JsonWriter(_gzip);
        }

        if (_kind == TraceKind.Samples)
        {
            _gzip.WriteByte((byte)(Count == 0 ? '[' : ','));
        }

        if (row is OperationRow operation)
        {
            Write(_json, operation);
        }
        else if (row is SampleRow sample)
        {
            Write(_json, sample);
        }
        else
        {
            throw new ArgumentException("Only operations and samples are sent.", nameof(row));
        }

        _json.Flush();
        _json.Reset();
        if (_kind == TraceKind.Operations)
        {
            _gzip.WriteByte((byte)'\n');
        }

        Count++;
    }

    /// <summary>Ends the body. The bytes are valid until the next <see cref="Add"/>; they may be sent more than once.</summary>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    public ReadOnlyMemory<byte> Finish()
    {
        if (_gzip is null || _json is null)
        {
            throw new InvalidOperationException("The body is empty.");
        }

        if (_kind == TraceKind.Samples)
        {
            _gzip.WriteByte((byte)']');
        }

        Close();
        Count = 0;
        return _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _bytes.Dispose();
    }

    private void Close()
    {
        _json?.Dispose();
        _gzip?.Dispose();
        _json = null;
        _gzip = null;
    }

    private void Write(Utf8JsonWriter json, OperationRow row)
    {
        json.WriteStartObject();
        json.WriteString("id", row.Id);
        json.WriteString("metric_type", row.MetricType);
        json.WriteString("operation_name", row.Name);
        json.WriteString("source", row.Source);
        json.WriteString("start_time", Time(row.Start));
        json.WriteNumber("duration_seconds", row.Duration.Ticks / (decimal)TimeSpan.TicksPerSecond);
        json.WriteBoolean("success", row.Succeeded);
        if (row.Facts.Count > 0)
        {
            json.WriteStartObject("metadata");
            foreach ((string name, object value) in row.Facts)
            {
                if (value is long whole)
                {
                    json.WriteNumber(name, whole);
                }
                else if (value is double number)
                {
                    json.WriteNumber(name, number);
                }
                else
                {
                    json.WriteString(name, (string)value);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, SampleRow row)
    {
        json.WriteStartObject();
        json.WriteString("source", row.Source);
        json.WriteString("sampled_at", Time(row.SampledAt));
        json.WriteNumber(row.Metric, row.Value);
        json.WriteEndObject();
    }

    private string Time(DateTime utc) =>
        (utc + _shift).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
