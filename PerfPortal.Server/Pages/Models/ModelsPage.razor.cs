using Microsoft.AspNetCore.Components;
using PerfPortal.Domain.Advice.Effects;
using PerfPortal.Domain.Advice.Learned;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Models;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Models;

/// <summary>Shows the models of the portal's host with their health, their downloads, and how well fallbacks work.</summary>
public sealed partial class ModelsPage
{
    private const int Step = 50;
    private const int SourceRows = 10;

    /// <summary>Whether advice helps is measured over days.</summary>
    private static readonly TimeSpan EffectsFresh = TimeSpan.FromMinutes(1);

    private static readonly IReadOnlyList<string> Tabs = ["models", "downloads", "fallbacks"];

    private IReadOnlyList<ModelBody>? _models;
    private IReadOnlyList<ModelDownloadBody> _downloads = [];
    private IReadOnlyList<FallbackGroupBody> _groups = [];
    private IReadOnlyList<AdviceEffect> _effects = [];
    private IReadOnlyDictionary<string, IReadOnlyList<double?>> _scores = new Dictionary<string, IReadOnlyList<double?>>();
    private Dictionary<Guid, ActiveRow> _checks = [];
    private IReadOnlyList<Operation> _running = [];
    private IReadOnlyList<Operation> _ended = [];
    private (DateTimeOffset At, string? Source)? _effectsRead;
    private int _shown = Step;
    private string? _loaded;

    /// <summary>The selected tab.</summary>
    [SupplyParameterFromQuery(Name = "tab")]
    private string? Chosen { get; set; }

    /// <summary>What the name of a model must contain.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    private string? Text { get; set; }

    [Inject]
    private FallbackReader Fallbacks { get; set; } = default!;

    [Inject]
    private EffectReader Effects { get; set; } = default!;

    [Inject]
    private IOperationReader Reader { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    /// <summary>The speed of a download changes without a message.</summary>
    protected override bool KeepsChanging => _downloads.Any(DownloadLooks.IsActive) || _models?.Any(model => model.CheckingOperationId is not null) == true;

    private static string Host => HostSource.Name;

    /// <summary>The selected source, if it is another one than the portal's host.</summary>
    private string? Other => State.Source is { } source && source != Host ? source : null;

    private string Tab => Chosen is not null && Tabs.Contains(Chosen) ? Chosen : Tabs[0];

    private int TabIndex => Tabs.Index().First(tab => tab.Item == Tab).Index;

    private string? Closed => Caller.IsAdmin ? null : ModelDecider.NeedsAdmin;

    private List<ModelBody> Found => [.. _models!.Where(model => model.Name.Contains(Text ?? "", StringComparison.OrdinalIgnoreCase))];

    private string Summary
    {
        get
        {
            var states = _models!.GroupBy(model => model.State).OrderByDescending(group => group.Key).Select(group => $"{Format.Count(group.Count())} {group.Key.ToString().ToLowerInvariant()}");
            return $"{ModelLooks.Many(_models!.Count, "model")}, {Format.Bytes(_models.Sum(model => (double)model.SizeBytes))}: {string.Join(", ", states)}";
        }
    }

    private string NoModels => Options.Models.Directories.Count == 0
        ? "No directories of models are configured, and nothing was downloaded. Set PerfPortal:Models:Directories, or download a model."
        : "The directories below hold no model files: safetensors, GGUF, ONNX or PyTorch archives. They are searched every 10 minutes.";

    private string NoFallbacks => State.Source is { } source
        ? $"{source} reported none. Programs report a fallback as an operation of the type fallback_strategy; FallbackManager does so by itself."
        : "Programs report a fallback as an operation of the type fallback_strategy with its attempts; FallbackManager does so by itself.";

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        string tab = Tab;
        await IdentifyAsync();
        var models = Models.Models();
        var downloads = Models.Downloads();
        if (tab == "models")
        {
            _scores = History.Scores();
            _checks = await ReadChecksAsync(models, cancellationToken);
        }

        if (!(_effectsRead is { } read && read.Source == State.Source && Time.GetUtcNow() - read.At < EffectsFresh))
        {
            _effects = await Effects.ReadAsync(State.Source, cancellationToken);
            _effectsRead = (Time.GetUtcNow(), State.Source);
        }

        if (tab == "downloads" && Other is { } source)
        {
            var series = new SeriesFilter { MetricType = MetricType.DownloadOperation, Source = source };
            _running = [.. (await Active.ReadAsync(series, includePortal: false, null, SourceRows, cancellationToken)).Rows.Select(row => row.Operation)];
            _ended = (await Reader.ReadPageAsync(new(Range, new() { Series = series }, OperationOrder.StartDescending, SourceRows, null), cancellationToken)).Items;
        }

        if (tab == "fallbacks")
        {
            _groups = Fallbacks.Read(State.Source);
        }

        (_models, _downloads, _loaded) = (models, downloads, tab);
    }

    /// <summary>Another tab has data of its own.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (_models is not null && _loaded != Tab)
        {
            _shown = Step;
            await ReloadAsync();
        }
    }

    private async Task<Dictionary<Guid, ActiveRow>> ReadChecksAsync(IReadOnlyList<ModelBody> models, CancellationToken cancellationToken)
    {
        var checks = new Dictionary<Guid, ActiveRow>();
        foreach (var model in models)
        {
            if (await FindCheckAsync(model, cancellationToken) is { } row)
            {
                checks[model.CheckingOperationId!.Value] = row;
            }
        }

        return checks;
    }

    private string? ModelOf(ModelDownloadBody download) => _models!.FirstOrDefault(model => ModelReader.Brought(download, model))?.Name;

    private string TitleOf(string tab) => tab switch
    {
        "models" => $"Models ({Format.Count(_models!.Count)})",
        "downloads" => $"Downloads ({Format.Count(_downloads.Count)})",
        _ => "Fallbacks",
    };

    private void ShowTab(int index)
    {
        if (index != TabIndex)
        {
            Url.Set([new("tab", index == 0 ? null : Tabs[index]), new("q", null)]);
        }
    }

    private async Task DownloadAsync()
    {
        if (await Actions.DownloadAsync())
        {
            ShowTab(1);
        }
    }
}
