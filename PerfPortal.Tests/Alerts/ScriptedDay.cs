using System.Globalization;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Tests.Alerts;

/// <summary>Evaluates a rule minute by minute along a script, and lists the transitions as "hh:mm from → to".</summary>
internal sealed class ScriptedDay(AlertRule rule, DateTimeOffset start)
{
    private DateTimeOffset _at = start;

    public AlertStatus Status { get; private set; } = AlertStatus.Inactive;

    public List<string> Transitions { get; } = [];

    /// <summary>So many evaluations with a value; <see langword="null"/> for no data.</summary>
    public ScriptedDay Hold(double? value, int minutes) => Follow(_ => value, minutes);

    public ScriptedDay Follow(Func<int, double?> valueAt, int minutes)
    {
        for (int i = 0; i < minutes; i++, _at = _at.AddMinutes(1))
        {
            (Status, var transition) = AlertMachine.Step(rule, Status, valueAt(i), _at);
            if (transition is not null)
            {
                Transitions.Add($"{_at.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} {transition.From.WireName()} → {transition.To.WireName()}");
            }
        }

        return this;
    }

    /// <summary>Evaluations with a harmless value up to a time of the day.</summary>
    public ScriptedDay CalmUntil(string time) => Hold(50, (int)(At(time) - _at).TotalMinutes);

    /// <summary>The clock goes on, or is set, without evaluations.</summary>
    public ScriptedDay Skip(int minutes)
    {
        _at = _at.AddMinutes(minutes);
        return this;
    }

    private DateTimeOffset At(string time) => new DateTimeOffset(_at.UtcDateTime.Date, TimeSpan.Zero) + TimeSpan.ParseExact(time, "hh\\:mm", CultureInfo.InvariantCulture);
}
