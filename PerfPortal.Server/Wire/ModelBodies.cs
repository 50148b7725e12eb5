using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Repair;

namespace PerfPortal.Server.Wire;

/// <summary>A model of the portal's host, as its last check found it.</summary>
/// <param name="Name">The name: <c>org/name</c> in a Hugging Face cache, otherwise the path below its directory.</param>
/// <param name="Directory">The directory.</param>
/// <param name="SizeBytes">The size of its files.</param>
/// <param name="Files">The number of its files.</param>
/// <param name="FilesMissing">The number of files that should be there and are not.</param>
/// <param name="State">What the last check found; <c>unknown</c> before the first.</param>
/// <param name="IntegrityScore">How much of it is as it should be, 0–1; null while unknown.</param>
/// <param name="IntegrityParts">The factors whose product is the score; null while unknown.</param>
/// <param name="Reasons">What was found, worst first.</param>
/// <param name="ReasonsLeftOut">The number of reasons beyond those listed.</param>
/// <param name="LastCheckedAt">When the last check ended; null before the first.</param>
/// <param name="LastCheck">What the last check read: a sample, or every byte.</param>
/// <param name="LastFullCheckAt">When the last check that read every byte ended.</param>
/// <param name="NextCheckAt">When the next check is due.</param>
/// <param name="FoundWithinChecks">The number of checks within which a silent change of any byte is found; 0 before the first full check.</param>
/// <param name="Repair">What to download again, in order; null when there is nothing to repair.</param>
/// <param name="CheckingOperationId">The operation of the check that runs now; null when none does.</param>
public sealed record ModelBody(
    string Name, string Directory, long SizeBytes, int Files, int FilesMissing, HealthState State, double? IntegrityScore, IntegrityPartsBody? IntegrityParts,
    IReadOnlyList<ModelReasonBody> Reasons, int ReasonsLeftOut, DateTimeOffset? LastCheckedAt, HealthCheckKind? LastCheck, DateTimeOffset? LastFullCheckAt,
    DateTimeOffset? NextCheckAt, int FoundWithinChecks, RepairBody? Repair, Guid? CheckingOperationId)
{
    /// <summary>Converts a model to its wire form.</summary>
    public static ModelBody Of(ModelHealth model, RepairBody? repair) => new(
        model.Name, model.Directory, model.SizeBytes, model.Files, model.FilesMissing, model.State, model.IntegrityScore?.Value,
        model.IntegrityScore is { } score ? new(score.Usable, score.Presence, score.Content, score.Structure) : null,
        [.. model.Reasons.Select(reason => new ModelReasonBody(reason.File, reason.Kind, reason.Severity, reason.Offset, reason.Length, reason.Sentence))], model.ReasonsLeftOut,
        model.LastCheckedAt, model.LastCheck, model.LastFullCheckAt, model.NextCheckAt, model.FoundWithinChecks, repair,
        model.CheckOperationId);
}

/// <summary>The factors of an integrity score, each 0–1.</summary>
/// <param name="Usable">1 without an error, 0.5 with one.</param>
/// <param name="Presence">The bytes that are there of those that should be.</param>
/// <param name="Content">The bytes that are not known to be damaged.</param>
/// <param name="Structure">The share of files whose structure is valid.</param>
public sealed record IntegrityPartsBody(double Usable, double Presence, double Content, double Structure);

/// <summary>Something that a check found.</summary>
/// <param name="File">The file, relative to the model's directory; empty for the model as a whole.</param>
/// <param name="Kind">What it is, such as <c>truncated</c>, <c>hash</c> or <c>missing</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Offset">The first byte concerned; null when it has no place.</param>
/// <param name="Length">The number of bytes concerned; null when unknown.</param>
/// <param name="Sentence">What is wrong.</param>
public sealed record ModelReasonBody(string File, string Kind, HealthSeverity Severity, long? Offset, long? Length, string Sentence);

/// <summary>How to repair a model.</summary>
/// <param name="Steps">The files to download again, in order.</param>
/// <param name="EstimatedBytes">The bytes of all steps whose size is known.</param>
/// <param name="BytesToLoad">The bytes that a repair loads of the files whose origin and size are known.</param>
/// <param name="BytesTotal">The size of these files.</param>
/// <param name="DownloadId">The download that loads files of the list now, or waits to do so; null when none does.</param>
public sealed record RepairBody(IReadOnlyList<RepairStepBody> Steps, long EstimatedBytes, long BytesToLoad, long BytesTotal, Guid? DownloadId)
{
    /// <summary>Converts advice to its wire form.</summary>
    public static RepairBody Of(RepairAdvice repair, RepairPlan plan, Guid? download) => new(
        [.. plan.Files.Select(RepairStepBody.Of)], repair.EstimatedBytes, plan.BytesToLoad, plan.BytesTotal, download);
}

/// <summary>A file to download again.</summary>
/// <param name="Rank">The place in the order, from 1.</param>
/// <param name="File">The file, relative to the model's directory.</param>
/// <param name="Bytes">The bytes to download; null when unknown.</param>
/// <param name="Ranges">The damaged bytes, if they are known; empty for the whole file.</param>
/// <param name="Sentence">What to do, and why at this place.</param>
/// <param name="SizeBytes">The size of the whole file; null when unknown.</param>
/// <param name="Origin">Where it is loaded from, without credentials; null when unknown, and then a repair leaves it out.</param>
public sealed record RepairStepBody(int Rank, string File, long? Bytes, IReadOnlyList<ByteRangeBody> Ranges, string Sentence, long? SizeBytes, string? Origin)
{
    /// <summary>Converts a step to its wire form.</summary>
    public static RepairStepBody Of(RepairFile file) => new(
        file.Step.Rank, file.Step.File, file.Step.Bytes, [.. file.Step.Ranges.Select(range => new ByteRangeBody(range.Offset, range.Length))], file.Step.Sentence, file.Step.SizeBytes, file.Origin);
}

/// <summary>Bytes of a file.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">The number of bytes.</param>
public sealed record ByteRangeBody(long Offset, long Length);

/// <summary>A download of the portal's host.</summary>
/// <param name="Id">The id of the download, which stays the same when it is resumed.</param>
/// <param name="Name">The name.</param>
/// <param name="Directory">Where the files are placed.</param>
/// <param name="Url">The address of its first file, without credentials.</param>
/// <param name="State">Where it is in its life; <c>interrupted</c>, <c>cancelled</c> and <c>failed</c> ones can be resumed.</param>
/// <param name="CreatedAt">When it was started first.</param>
/// <param name="EndedAt">When it ended; null until then.</param>
/// <param name="BytesDone">The bytes that are there.</param>
/// <param name="BytesTotal">The bytes of all files; null while one is not known.</param>
/// <param name="BytesPerSecond">The speed of the last seconds.</param>
/// <param name="EtaSeconds">The remaining time at that speed; null while it is not known.</param>
/// <param name="Connections">The connections in use; those that wait for another attempt are not.</param>
/// <param name="Retries">The retries since it was started or resumed; null when an earlier version did not keep them.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="ErrorCategory">The category of the failure.</param>
/// <param name="Notes">What happened that a person should know.</param>
/// <param name="Files">The files; at most 100, the incomplete ones first, then those that are not verified.</param>
/// <param name="FilesCount">The number of files.</param>
/// <param name="FilesComplete">The number of files that are there.</param>
/// <param name="OperationId">The operation of its latest run; null while it waits for its turn.</param>
/// <param name="Repair">Whether it repairs a model that is there.</param>
/// <param name="Verified">Whether every file has the hash that it must have; false when one has none that is known, null until it is complete.</param>
/// <param name="Hub">The hub of the repository from which the files come; null for single addresses.</param>
/// <param name="Repository">The repository.</param>
/// <param name="Revision">The branch, tag or commit that was asked for.</param>
/// <param name="Commit">The commit that it stood for.</param>
/// <param name="LastError">Why nothing arrives now: the last failure; null as long as a connection works.</param>
/// <param name="LastErrorCategory">The category of that failure.</param>
/// <param name="NextAttemptAt">When the next attempt is made; null while one is made, and while none is needed.</param>
/// <param name="NextRetry">The number of that attempt among the retries in a row without progress, from 1; 0 when only the server asked to wait.</param>
/// <param name="MaxRetries">The retries in a row without progress after which it fails.</param>
public sealed record ModelDownloadBody(
    Guid Id, string Name, string Directory, string Url, DownloadState State, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, long BytesDone, long? BytesTotal, double BytesPerSecond,
    double? EtaSeconds, int Connections, int? Retries, string? Error, string? ErrorCategory, IReadOnlyList<string> Notes, IReadOnlyList<ModelFileBody> Files, int FilesCount, int FilesComplete,
    Guid? OperationId, bool Repair, bool? Verified, string? Hub, string? Repository, string? Revision, string? Commit, string? LastError, string? LastErrorCategory, DateTimeOffset? NextAttemptAt,
    int? NextRetry, int? MaxRetries)
{
    private const int MaxFiles = 100;

    /// <summary>Converts a download to its wire form.</summary>
    public static ModelDownloadBody Of(DownloadStatus status) => new(
        status.Id, status.Name, status.Directory, status.Url, status.State, status.CreatedAt, status.EndedAt, status.BytesDone, status.BytesTotal, status.BytesPerSecond,
        status is { State: DownloadState.Running, BytesTotal: { } total, BytesPerSecond: > 0 } ? Math.Max(0, total - status.BytesDone) / status.BytesPerSecond : null,
        status.Connections, status.Retries, status.Error, status.ErrorCategory, status.Notes,
        [.. status.Files.OrderBy(file => file.IsComplete).ThenBy(file => file.IsVerified).Take(MaxFiles).Select(file => new ModelFileBody(file.Path, file.BytesDone, file.BytesTotal, file.IsComplete, file.IsVerified))],
        status.Files.Count, status.Files.Count(file => file.IsComplete), status.OperationId == Guid.Empty ? null : status.OperationId, status.IsRepair,
        status.IsVerified, status.Origin?.Hub, status.Origin?.Repository, status.Origin?.Revision, status.Origin?.Commit,
        status.Wait?.Error, status.Wait?.ErrorCategory, status.Wait?.Until, status.Wait?.Retry, status.Wait?.MaxRetries);
}

/// <summary>A file of a download.</summary>
/// <param name="Path">The path below the directory.</param>
/// <param name="BytesDone">The bytes that are there; null when an earlier version did not keep them.</param>
/// <param name="BytesTotal">The size; null until it is known.</param>
/// <param name="Complete">Whether it is there.</param>
/// <param name="Verified">Whether it has the expected hash; false also when none was known.</param>
public sealed record ModelFileBody(string Path, long? BytesDone, long? BytesTotal, bool Complete, bool Verified);

/// <summary>The checks that were started.</summary>
/// <param name="Items">Those that run now.</param>
/// <param name="Waiting">The names of the models whose checks follow in turn.</param>
public sealed record StartedChecksBody(IReadOnlyList<StartedCheckBody> Items, IReadOnlyList<string> Waiting);

/// <summary>A check that runs.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="OperationId">The operation of the check.</param>
public sealed record StartedCheckBody(string Model, Guid OperationId);

/// <summary>A group of alternatives, as its recorded fallbacks of the last 7 days show it.</summary>
/// <param name="Group">The name of the group, which is the name of its operations.</param>
/// <param name="Source">The source that reported it.</param>
/// <param name="Fallbacks">The number of recorded fallbacks.</param>
/// <param name="SuccessRate">The share in which an alternative answered, 0–1.</param>
/// <param name="MeanSeconds">The mean time until the end of a fallback.</param>
/// <param name="LostSecondsPerDay">The time spent a day on alternatives that failed; where less than a day was observed, the time so far.</param>
/// <param name="Alternatives">What is known of each alternative, in the order to try.</param>
/// <param name="Counterfactual">What trying another alternative first would have changed; null while too little is recorded.</param>
/// <param name="ObservedSeconds">The time from the first recorded fallback to the last. Below 86,400, figures a day are those so far.</param>
/// <param name="LostSeconds">The time spent on alternatives that failed in that time.</param>
/// <param name="OrderedBy">What the order to try rests on: <c>expected_seconds</c>, or <c>expected_seconds_by_compatibility</c> where the compatibility of every alternative is known, as FallbackManager tries them.</param>
public sealed record FallbackGroupBody(
    string Group, string Source, int Fallbacks, double SuccessRate, double MeanSeconds, double LostSecondsPerDay, IReadOnlyList<AlternativeBody> Alternatives, CounterfactualBody? Counterfactual,
    double ObservedSeconds, double LostSeconds, string OrderedBy)
{
    /// <summary>The value of <see cref="OrderedBy"/> without compatibility.</summary>
    public const string ByTime = "expected_seconds";

    /// <summary>The value of <see cref="OrderedBy"/> with it.</summary>
    public const string ByCompatibility = "expected_seconds_by_compatibility";
}

/// <summary>An alternative of a group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Attempts">The recorded attempts.</param>
/// <param name="Succeeded">Those that succeeded.</param>
/// <param name="MeanSeconds">The mean time of an attempt.</param>
/// <param name="ExpectedSuccess">The expected rate of success, 0–1: (succeeded + 1) / (attempts + 2).</param>
/// <param name="ExpectedSeconds">The expected time to success if it alone were tried until it succeeds.</param>
/// <param name="Compatibility">How compatible it is with the wanted model, 0–1, as reported last; null when it was not reported.</param>
public sealed record AlternativeBody(string Name, int Attempts, int Succeeded, double MeanSeconds, double ExpectedSuccess, double ExpectedSeconds, double? Compatibility);

/// <summary>What trying an alternative first would have changed.</summary>
/// <param name="Alternative">The alternative.</param>
/// <param name="SavedSecondsPerDay">The seconds saved a day, or so far where less than a day was observed; negative when it would have cost time.</param>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Attempts">The recorded attempts that it rests on.</param>
/// <param name="Sentence">The same in one sentence.</param>
/// <param name="Clear">Whether the interval excludes zero; otherwise no order is clearly better.</param>
/// <param name="Interval">The interval in words.</param>
/// <param name="ObservedSeconds">The time from the first fallback to the last.</param>
public sealed record CounterfactualBody(
    string Alternative, double SavedSecondsPerDay, double Low, double High, int Attempts, string Sentence, bool Clear, string Interval, double ObservedSeconds);

/// <summary>The integrity scores of the health checks of the portal's host over time.</summary>
/// <param name="Range">The range, in whole hours where only rollups of hours are kept.</param>
/// <param name="StepSeconds">The length of the steps.</param>
/// <param name="Items">The steps in which a check had a score, in ascending order, at most 180.</param>
internal sealed record IntegrityBody(RangeBody Range, double StepSeconds, IReadOnlyList<IntegrityPointBody> Items);

/// <summary>The integrity scores of the checks that ended in a step.</summary>
/// <param name="Start">The start of the step, UTC.</param>
/// <param name="Checks">The checks with a score.</param>
/// <param name="Mean">Their mean score, 0–1.</param>
/// <param name="Lowest">Their lowest score, 0–1.</param>
internal sealed record IntegrityPointBody(DateTimeOffset Start, long Checks, double Mean, double Lowest);
