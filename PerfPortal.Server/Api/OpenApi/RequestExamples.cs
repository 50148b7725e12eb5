using System.Text.Json.Nodes;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Alerts.Receivers;
using PerfPortal.Server.Intake;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>The examples of request bodies.</summary>
internal static class RequestExamples
{
    /// <summary>The id of the operation in the examples.</summary>
    public static readonly Guid Id = new("018f2f6e-7c1a-7000-8000-000000000001");

    /// <summary>When the operation in the examples starts.</summary>
    public static readonly DateTimeOffset Start0 = new(2025, 1, 31, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The metadata of the operation in the examples.</summary>
    public static readonly Metadata Facts = Metadata.Of([new("model", MetadataValue.From("llama-3-8b")), new("output_tokens", MetadataValue.From(512L))]);

    public static readonly StartBody Start = new(
        Id, MetricType.ModelOperation, "llama-3-8b", "gpu-1", null, Facts, new(0, 512, "tokens"), "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", null);

    public static readonly UpdateBody Update = new(new(128, 512, "tokens"), null);

    public static readonly CompleteBody Completion = new(true, null, null, null, null, null, Metadata.Of([new("tokens_per_second", MetadataValue.From(41.5))]), null);

    public static readonly BatchItemBody[] Batch =
    [
        new(
            Id, MetricType.ModelOperation, "llama-3-8b", "gpu-1", Start0, null, 12.3, true, null, null, null, Facts, null,
            new() { ["cpu_percent"] = 71.5 }, null, null, null),
        new(
            null, MetricType.DownloadOperation, "llama-3-8b", "gpu-1", Start0, Start0.AddSeconds(4), null, null, "failed", "timeout",
            "The server did not answer.", null, null, null, null, null, null),
    ];

    public static readonly MarkerReport Marker = new(Start0, "deploy 1.4.2", "gpu-1", Metadata.Of([new("version", MetadataValue.From("1.4.2"))]));

    public static readonly LossReport Loss = new(Id, "gpu-1", LossReason.PortalUnreachable, 1_204, 30, 1_020, 3.5, "Connection refused");

    public static readonly PinBody Pin = new(Start0.AddDays(-7), Start0, "Before the driver update");

    public static readonly DetectRequestBody Series = new([12.1, 11.8, null, 12.4], null, 12, 20);

    public static readonly DecisionBody Decision = new("Rolled out on all hosts.");

    public static readonly AcknowledgeBody Acknowledgement = new("On it.");

    public static readonly AlertRuleReport AlertRule = new(
        "Slow generation on gpu-1", true, new RuleSignalReport("duration", null, 0.95, null, null), new RuleScopeReport("gpu-1", MetricType.ModelOperation, null), "name", "above", 20, 15, 900, 300, 0, 10, "warning", null,
        new Dictionary<string, string> { ["team"] = "models" }, "https://wiki.example/slow-generation");
    public static readonly ReceiverReport Receiver = new(
        "On call", "webhook", true, "https://hooks.example.com/alerts", "a-signing-key", null, null, null, null, null, null, null,
        [new(null, "warning", new Dictionary<string, string> { ["team"] = "ml" })], ["alertname", "source"], 30, 300, 14_400, true, 60);

    public static readonly SilenceReport Silence = new(
        new Dictionary<string, string> { ["source"] = "gpu-1" }, null, null, new(["sat", "sun"], "22:00", "06:00", "Europe/Berlin"), "Weekly maintenance");

    public static readonly DownloadReport Download = new(null, null, null, null, "openai-community/gpt2", "main", null, null, null);

    public static readonly ModelCheckReport ModelCheck = new("openai-community/gpt2", true);

    public static readonly ModelRepairReport ModelRepair = new("openai-community/gpt2");

    public static readonly Dictionary<string, double> ThresholdChanges = new() { ["slow_operation_seconds"] = 20, ["failure_rate"] = 0.02 };

    public static JsonNode Samples() => JsonNode.Parse(
        """
        [{
          "source": "gpu-1", "covered_seconds": 30, "cpu_percent": 41.5, "memory_percent": 63.2, "disk_free_gb": 210.4,
          "cpu_cores": [40.1, 42.9],
          "disks": [{ "name": "/", "total_gb": 930.5, "free_gb": 210.4, "used_percent": 77.4 }],
          "networks": [{ "name": "eth0", "rx_bytes_per_second": 120000, "tx_bytes_per_second": 8000 }],
          "gpus": [{ "name": "GPU 0", "index": 0, "utilization_percent": 93, "memory_used_mb": 18000, "memory_total_mb": 24576 }]
        }]
        """)!;
}
