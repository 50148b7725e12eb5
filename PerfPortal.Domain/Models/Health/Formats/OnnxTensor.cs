using System.Globalization;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>What is collected of a tensor while its fields are read.</summary>
internal sealed class OnnxTensor(long at)
{
    private UInt128 _elements = 1;
    private bool _isTooLarge;
    private long _type;
    private long? _typeAt;
    private (long At, long Length)? _raw;
    private bool _isExternal;
    private string? _location;
    private long _offset;
    private long? _length;

    /// <summary>The key of the entry that is being read.</summary>
    public string? EntryKey { get; set; }

    public void AddDimension(ulong dimension)
    {
        _isTooLarge |= dimension > long.MaxValue;
        _elements = _isTooLarge ? 0 : _elements * dimension;
        _isTooLarge |= _elements > long.MaxValue;
    }

    public void SetType(ulong type, long typeAt) => (_type, _typeAt) = (type > int.MaxValue ? long.MaxValue : (long)type, typeAt);

    public void SetRaw(long rawAt, long length) => _raw = (rawAt, length);

    public void SetLocationKind(ulong kind) => _isExternal = kind == 1;

    /// <summary>Takes the value of the entry whose key was read before.</summary>
    public void SetEntry(string value, long valueAt)
    {
        switch (EntryKey)
        {
            case "location":
                _location = value;
                break;
            case "offset":
                _offset = Parse(value, valueAt);
                break;
            case "length":
                _length = Parse(value, valueAt);
                break;
            default:
                break;
        }
    }

    /// <summary>Called after the last field.</summary>
    public void End(StructureReport report)
    {
        if (_isTooLarge)
        {
            report.Add(HealthReasonKinds.Header, at, null, $"The tensor at byte {Format.Count(at)} has more elements than a file can have.");
            return;
        }

        if (_typeAt is { } typeAt && _type is < 1 or > OnnxSchema.LastType)
        {
            bool mayBeNewer = _type is > OnnxSchema.LastType and < 64;
            report.Add(
                mayBeNewer ? HealthReasonKinds.UnknownFeature : HealthReasonKinds.Header, _typeAt, null, string.Create(CultureInfo.InvariantCulture, $"The tensor at byte {at:N0} has the unknown type {_type}."),
                mayBeNewer ? HealthSeverity.Warning : HealthSeverity.Error);
        }

        int bits = OnnxSchema.BitsOf(_type);
        long? size = bits == 0 ? null : (long)UInt128.Min((_elements * (uint)bits + 7) / 8, long.MaxValue);
        if (_isExternal)
        {
            EndExternal(size, report);
        }
        else if (_raw is var (rawAt, length) && size is { } needed && needed != length)
        {
            report.Add(
                HealthReasonKinds.Header, rawAt, length,
                string.Create(CultureInfo.InvariantCulture, $"The tensor at byte {at:N0} needs {needed:N0} bytes by its type and dimensions, and has {length:N0}."));
        }
    }

    private void EndExternal(long? size, StructureReport report)
    {
        if (_location is null || !Manifests.ManifestFile.IsSafe(_location.StartsWith("./", StringComparison.Ordinal) ? _location[2..] : _location))
        {
            report.Add(HealthReasonKinds.Header, at, null, $"The tensor at byte {Format.Count(at)} refers to another file '{_location}', which is not a path beside this one.");
            return;
        }

        if (_length is { } length && size is { } needed && needed != length)
        {
            report.Add(
                HealthReasonKinds.Header, at, null,
                string.Create(CultureInfo.InvariantCulture, $"The tensor at byte {at:N0} needs {needed:N0} bytes by its type and dimensions, and its reference to '{_location}' says {length:N0}."));
        }

        report.Externals.Add(new(_location.StartsWith("./", StringComparison.Ordinal) ? _location[2..] : _location, _offset, _length ?? size));
    }

    private static long Parse(string value, long valueAt) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new MalformedException(HealthReasonKinds.Header, valueAt, null, $"The offset or length '{Names.Show(System.Text.Encoding.UTF8.GetBytes(value))}' of external data is no number.");
}
