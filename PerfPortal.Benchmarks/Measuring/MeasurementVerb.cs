using System.CommandLine;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>Makes a verb that measures: it prints its table and, with <c>--json FILE</c>, writes its rows.</summary>
internal static class MeasurementVerb
{
    /// <summary>The verb; further options may be added to it.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it measures, in a sentence.</param>
    /// <param name="measure">Measures; it may tell its progress on the writer (standard error). A <see cref="MeasuringException"/> ends the verb with its message and exit code 1.</param>
    /// <param name="options">Further options of the verb.</param>
    public static Command Create(
        string name, string description, Func<ParseResult, TextWriter, CancellationToken, Task<IReadOnlyList<MeasuredRow>>> measure, params Option[] options)
    {
        var json = new Option<string?>("--json") { Description = "Writes the rows to this file, too.", HelpName = "FILE" };
        var command = new Command(name, description) { json };
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(async (arguments, cancellationToken) =>
        {
            IReadOnlyList<MeasuredRow> rows;
            try
            {
                rows = await measure(arguments, Console.Error, cancellationToken);
            }
            catch (MeasuringException missing)
            {
                await Console.Error.WriteLineAsync(missing.Message);
                return 1;
            }

            var measurement = new Measurement(name, Machine.Describe(), rows);
            await Console.Out.WriteAsync(MeasurementReport.ToTable(measurement));
            if (arguments.GetValue(json) is { } file)
            {
                await File.WriteAllTextAsync(file, MeasurementReport.ToJson(measurement) + "\n", cancellationToken);
            }

            return 0;
        });
        return command;
    }
}
