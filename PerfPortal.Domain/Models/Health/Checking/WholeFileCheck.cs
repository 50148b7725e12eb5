using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Formats;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Checking;

/// <summary>
/// Reads a file whole: its structure, its hash against what is expected, or else against the content that was trusted before. What nobody knows a hash of is trusted from its first full check on,
/// if its structure is valid.
/// </summary>
internal sealed class WholeFileCheck(TimeProvider time, Func<string, FileStamp?> stamps)
{
    /// <summary>The largest file that is read, in bytes; its block hashes take 64 MB.</summary>
    public const long MaxFileBytes = 1L << 42;

    // A damaged file of which so many blocks are still the trusted ones is the same version.
    private const double SameVersion = 0.5;

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file, which exists.</param>
    /// <param name="before">What is known of it.</param>
    /// <param name="trusted">The hashes of its trusted blocks; empty when there are none.</param>
    /// <param name="pace">The rate.</param>
    /// <param name="onRead">Called with the bytes of each piece.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FileVerdict> RunAsync(
        LocatedFile file, FileRecord? before, UInt128[] trusted, ReadPace pace, Action<long> onRead, CancellationToken cancellationToken)
    {
        try
        {
            if (stamps(file.FullPath) is not { } stamp)
            {
                return Unknown(file, before, trusted, HealthReasonKinds.Missing, "The file vanished while the model was checked.", HealthSeverity.Info);
            }

            if (stamp.Size > MaxFileBytes)
            {
                return Unknown(file, before, trusted, HealthReasonKinds.Limit, $"The file is larger than {Format.Bytes(MaxFileBytes)} and is not read.", HealthSeverity.Warning);
            }

            using var handle = FileHasher.Open(file.FullPath);
            var structure = FormatChecks.Run(file.Path, new FileBytes(handle, pace, cancellationToken));
            var parts = structure.Parts.Count == 0 ? null : new PartChecksums(structure.Parts);
            var digest = await FileHasher.ReadAsync(handle, file.Expected?.GitSha1 is not null, pace, onRead, parts, cancellationToken).ConfigureAwait(false);
            ZipCheck.Report(parts?.Wrong ?? [], structure);
            return stamps(file.FullPath) == stamp && digest.Length == stamp.Size
                ? new Judgement(file, before, trusted, stamp, digest, structure, time.GetUtcNow()).Verdict()
                : Unknown(file, before, trusted, HealthReasonKinds.BeingWritten, "The file changed while it was read; it is read again at the next check.", HealthSeverity.Info);
        }
        catch (UnauthorizedAccessException)
        {
            return Unknown(file, before, trusted, HealthReasonKinds.Unreadable, "The file may not be read by this user.", HealthSeverity.Warning);
        }
        catch (IOException exception)
        {
            return Unknown(file, before, trusted, HealthReasonKinds.Unreadable, "The file cannot be read: " + exception.Message, HealthSeverity.Error);
        }
    }

    private static FileVerdict Unknown(LocatedFile file, FileRecord? before, UInt128[] trusted, string kind, string sentence, HealthSeverity severity)
    {
        var record = before ?? new FileRecord { Path = file.Path };
        // Without a stamp the next check reads the file whole again; what was trusted stays trusted.
        return new(record with { Stamp = default, Reasons = [new(file.Path, kind, null, null, sentence, severity)] }, trusted, null) { IsUnknown = true };
    }

    private sealed class Judgement(
        LocatedFile file, FileRecord? before, UInt128[] trusted, FileStamp stamp, FileDigest digest, StructureReport structure, DateTimeOffset now)
    {
        private readonly List<HealthReason> _reasons = [];

        public FileVerdict Verdict()
        {
            bool? expected = IsExpected();
            // What the publisher published is not made better by downloading it again; and what a cut off file lacks is said already.
            _reasons.AddRange(structure.Reasons.Where(_ => !IsShort).Select(reason => expected == true && reason.Severity == HealthSeverity.Error ? reason with { Severity = HealthSeverity.Warning } : reason));
            return expected switch
            {
                true => Trust(before?.Sha256 == digest.Sha256 ? before.TrustedSince ?? now : now),
                false => MatchesTrustedVersion() ? Damaged(trusted, keepsBaseline: true) : Damaged([], keepsBaseline: false),
                null => AgainstBaseline(),
            };
        }

        /// <summary>The size that is published, or that the trusted content with the published hash has.</summary>
        private long? ExpectedSize => file.Expected?.SizeBytes ?? (before?.Sha256 is { } trustedHash && trustedHash == file.Expected?.Sha256 ? before.TrustedSize : null);

        private bool IsShort => stamp.Size < ExpectedSize;

        private bool? IsExpected()
        {
            if (ExpectedSize is { } size && size != stamp.Size)
            {
                if (IsShort)
                {
                    AddTruncated(size, $"according to {file.ExpectedBy}");
                }
                else
                {
                    Add(HealthReasonKinds.Size, size, stamp.Size - size, $"The file is too long: it has {InFull(stamp.Size)}; it should have {InFull(size)} according to {file.ExpectedBy}.");
                }

                return false;
            }

            if (file.Expected?.Sha256 is { } sha256)
            {
                return sha256 == digest.Sha256 || Wrong("SHA-256", digest.Sha256, sha256);
            }

            return file.Expected?.GitSha1 is { } sha1 ? sha1 == digest.GitSha1 || Wrong("git object id", digest.GitSha1!, sha1) : null;
        }

        private bool Wrong(string what, string actual, string expected)
        {
            Add(HealthReasonKinds.Hash, null, null, $"Its {what} is {Short(actual)}; it should be {Short(expected)} according to {file.ExpectedBy}.");
            return false;
        }

        // As many digits as people compare.
        private static string Short(string hash) => hash.Length > 12 ? hash[..12] + "…" : hash;

        private bool MatchesTrustedVersion() =>
            before?.Sha256 is not null && trusted.Length > 0
            && (file.Expected?.Sha256 is { } sha256 ? before.Sha256 == sha256 : BlockHashes.ShareOf(trusted, digest.Blocks) >= SameVersion);

        private FileVerdict AgainstBaseline()
        {
            if (before?.Sha256 is null)
            {
                return structure.HasError ? Damaged([], keepsBaseline: false) : Trust(now);
            }

            if (before.Sha256 == digest.Sha256)
            {
                return Trust(before.TrustedSince ?? now);
            }

            if (before.TrustedSize == stamp.Size && before.TrustedModifiedNs == stamp.ModifiedNs)
            {
                Add(
                    HealthReasonKinds.SilentChange, null, null,
                    $"The content is not what it has been since {Moments.Text(before.TrustedSince ?? now)}, although size and modification time are the same: the file is damaged.");
                return Damaged(trusted, keepsBaseline: true);
            }

            if (before.IsDamaged && BlockHashes.ShareOf(trusted, digest.Blocks) >= SameVersion)
            {
                Add(HealthReasonKinds.Hash, null, null, $"The file was written again and still differs from the content trusted since {Moments.Text(before.TrustedSince ?? now)}.");
                return Damaged(trusted, keepsBaseline: true);
            }

            if (IsCutOff)
            {
                AddTruncated(before.TrustedSize, $"as trusted since {Moments.Text(before.TrustedSince ?? now)}");
                return Damaged(trusted, keepsBaseline: true);
            }

            if (structure.HasError)
            {
                bool isSame = BlockHashes.ShareOf(trusted, digest.Blocks) >= SameVersion;
                return Damaged(isSame ? trusted : [], isSame);
            }

            Add(HealthReasonKinds.Changed, null, null, "The file was replaced by other content, which is trusted from now on.", HealthSeverity.Info);
            return Trust(now);
        }

        private FileVerdict Trust(DateTimeOffset since) => new(
            new()
            {
                Path = file.Path,
                Stamp = stamp,
                Sha256 = digest.Sha256,
                TrustedSize = digest.Length,
                TrustedModifiedNs = stamp.ModifiedNs,
                TrustedSince = since,
                Reasons = _reasons,
                IsWellFormed = structure.Format is null ? null : !structure.HasError,
            },
            digest.Blocks, structure);

        private FileVerdict Damaged(UInt128[] trustedBlocks, bool keepsBaseline)
        {
            long trustedSize = before?.TrustedSize ?? 0;
            var ranges = trustedBlocks.Length == 0 ? [] : BlockHashes.Damaged(trustedBlocks, trustedSize, digest.Blocks, digest.Length);
            // Where the damage is says more than that a hash is wrong, and less than that the end is missing.
            int first = _reasons.Exists(reason => reason.Kind == HealthReasonKinds.Truncated) ? _reasons.Count : 0;
            _reasons.InsertRange(first, ranges.Take(StructureReport.MaxReasons).Select(range => new HealthReason(
                file.Path, HealthReasonKinds.Checksum, range.Offset, range.Length,
                $"The bytes {Format.Count(range.Offset)} to {Format.Count(range.Offset + range.Length - 1)} ({Format.Bytes(range.Length)}) are damaged: they differ from what was read there before.", HealthSeverity.Error)));

            return new(
                new()
                {
                    Path = file.Path,
                    Stamp = stamp,
                    Sha256 = keepsBaseline ? before?.Sha256 : null,
                    TrustedSize = keepsBaseline ? trustedSize : 0,
                    TrustedModifiedNs = keepsBaseline ? before?.TrustedModifiedNs ?? 0 : 0,
                    TrustedSince = keepsBaseline ? before?.TrustedSince : null,
                    IsDamaged = true,
                    Damage = ranges,
                    Reasons = _reasons,
                    IsWellFormed = structure.Format is null ? null : !structure.HasError,
                },
                trustedBlocks, structure);
        }

        /// <summary>Whether the file is the beginning of the trusted content, at least a block of it.</summary>
        private bool IsCutOff
        {
            get
            {
                int whole = (int)(stamp.Size / BlockHashes.BlockSize);
                return stamp.Size < before!.TrustedSize && whole > 0 && whole <= trusted.Length && digest.Blocks.AsSpan(0, whole).SequenceEqual(trusted.AsSpan(0, whole));
            }
        }

        private void AddTruncated(long size, string by) => Add(
            HealthReasonKinds.Truncated, stamp.Size, size - stamp.Size, $"The file is truncated: it has {InFull(stamp.Size)} of {InFull(size)} {by}; {Format.Bytes(size - stamp.Size)} are missing at its end.");

        private static string InFull(long bytes) => bytes < 1_024 ? Format.Bytes(bytes) : $"{Format.Bytes(bytes)} ({Format.Count(bytes)} bytes)";

        private void Add(string kind, long? offset, long? length, string sentence, HealthSeverity severity = HealthSeverity.Error) =>
            _reasons.Add(new(file.Path, kind, offset, length is > 0 ? length : null, sentence, severity));
    }
}
