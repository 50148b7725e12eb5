using System.Globalization;
using PerfPortal.Domain.Client;
using PerfPortal.Domain.Sampling;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>The arguments of the agent.</summary>
/// <param name="Client">How it reports.</param>
/// <param name="Sampler">What it samples.</param>
internal sealed record AgentArguments(PortalClientOptions Client, SamplerOptions Sampler)
{
    /// <summary>The help.</summary>
    public const string Usage = """
        PerfPortal.Server agent --to URL [options]
          Samples this host and reports the samples to a portal until it is stopped (SIGTERM, Ctrl+C).
          --to URL              The portal, for example https://portal.example
          --key KEY             An access key with the report scope; others on this host can see it in the list of processes
          --key-file FILE       A file that contains the key; default: the variable PERFPORTAL_KEY
          --source NAME         The name of this host in the portal; default: the machine name
          --interval SECONDS    The time between two samples, 1 to 300; default: 30
          --spill DIRECTORY     Keeps samples that cannot be delivered, also while the agent is stopped; default: memory only
          --spill-mb MIB        The size of that directory at most, 1 to 1,048,576; default: 64
          --data-directory DIR  The directory whose disk is watched for free space; default: /
          --no-gpu              Does not read GPUs
        A portal that is away does not stop the agent: samples are kept and sent later.
        Exit codes: 0 stopped by a signal, 2 the arguments are not valid.
        """;

    private const string KeyVariable = "PERFPORTAL_KEY";
    private const int DefaultSpillMegabytes = 64;

    // Stands for an address that is not valid, so that the other mistakes are found too.
    private static readonly Uri Placeholder = new("http://localhost");
    private static readonly string[] WithValue = ["--to", "--key", "--key-file", "--source", "--interval", "--spill", "--spill-mb", "--data-directory"];

    /// <summary>Reads the arguments.</summary>
    /// <param name="args">The arguments after the verb.</param>
    /// <param name="errors">Every error, one sentence each.</param>
    /// <returns><see langword="null"/> when there are errors.</returns>
    public static AgentArguments? Read(string[] args, out IReadOnlyList<string> errors)
    {
        var found = new List<string>();
        errors = found;
        var values = Split(args, found);
        var address = ReadAddress(values.GetValueOrDefault("--to"), found);
        string? key = ReadKey(values, found);
        string source = values.GetValueOrDefault("--source") ?? HostSource.Name;
        double interval = ReadNumber(values, "--interval", 30, 1, 300, found);
        double spillMegabytes = ReadNumber(values, "--spill-mb", DefaultSpillMegabytes, 1, 1_048_576, found);
        if (values.ContainsKey("--spill-mb") && !values.ContainsKey("--spill"))
        {
            found.Add("--spill-mb needs --spill.");
        }

        string? spill = values.GetValueOrDefault("--spill");
        if (spill?.Length == 0)
        {
            found.Add("--spill must name a directory.");
        }

        var client = new PortalClientOptions
        {
            Address = address ?? Placeholder,
            Key = key,
            Source = source,
            SpillDirectory = spill,
            SpillMegabytes = (int)spillMegabytes,
            MaxRunning = 0,
        };
        found.AddRange(client.Validate().Select(error => Translate(error)));
        return found.Count > 0 ? null : new(client, new()
        {
            Source = source,
            Interval = TimeSpan.FromSeconds(interval),
            DataDirectory = values.GetValueOrDefault("--data-directory") ?? Path.GetPathRoot(Environment.CurrentDirectory)!,
            EnableGpu = !values.ContainsKey("--no-gpu"),
        });
    }

    private static Dictionary<string, string> Split(string[] args, List<string> errors)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Length; i++)
        {
            string option = args[i];
            string? value = null;
            if (option.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            {
                (option, value) = (option[..equals], option[(equals + 1)..]);
            }

            if (option == "--no-gpu" && value is null)
            {
                values[option] = "";
            }
            else if (!WithValue.Contains(option, StringComparer.Ordinal))
            {
                errors.Add($"{option} is not an option.");
            }
            else if (value is null && i + 1 == args.Length)
            {
                errors.Add($"{option} needs a value.");
            }
            else if (!values.TryAdd(option, value ?? args[++i]))
            {
                errors.Add($"{option} is given twice.");
            }
        }

        return values;
    }

    private static Uri? ReadAddress(string? text, List<string> errors)
    {
        if (text is not null && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        errors.Add(text is null ? "--to is missing." : $"--to must be the URL of a portal, not {text}.");
        return null;
    }

    private static string? ReadKey(Dictionary<string, string> values, List<string> errors)
    {
        if (values.TryGetValue("--key", out string? key))
        {
            if (values.ContainsKey("--key-file"))
            {
                errors.Add("--key and --key-file exclude each other.");
            }

            return key;
        }

        if (!values.TryGetValue("--key-file", out string? file))
        {
            return Environment.GetEnvironmentVariable(KeyVariable)?.Trim() is { Length: > 0 } variable ? variable : null;
        }

        try
        {
            string text = File.ReadAllText(file).Trim();
            if (text.Length == 0)
            {
                errors.Add($"--key-file {file} is empty.");
            }

            return text.Length == 0 ? null : text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.Add($"--key-file cannot be read: {exception.Message}");
            return null;
        }
    }

    private static double ReadNumber(Dictionary<string, string> values, string option, double standard, double min, double max, List<string> errors)
    {
        if (!values.TryGetValue(option, out string? text))
        {
            return standard;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= min && number <= max)
        {
            return number;
        }

        errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option} must be a number from {min} to {max}, not {text}."));
        return standard;
    }

    /// <summary>Names the argument in place of the option of the client.</summary>
    private static string Translate(string error) => error
        .Replace("Address ", "--to ", StringComparison.Ordinal).Replace("Source ", "--source ", StringComparison.Ordinal).Replace("Key ", "The key ", StringComparison.Ordinal);
}
