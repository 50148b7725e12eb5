using System.ComponentModel;
using PerfPortal.Tests.Architecture.Samples.Upper;

#pragma warning disable CA1031, CA1822, CS0169, IDE0051, IDE0052, IDE0059, IDE0060 // Samples exist to be read as metadata.

namespace PerfPortal.Tests.Architecture.Samples.Lower;

internal sealed class BaseType : Target;

internal sealed class Interface : ITarget;

internal sealed class GenericBase : List<Target>;

internal sealed class Constraint<T>
    where T : ITarget;

internal sealed class Field
{
    private readonly Target? _target;
}

internal sealed class ArrayField
{
    private readonly Dictionary<string, TargetValue[,]>? _targets;
}

internal sealed class Property
{
    public Target? Value { get; init; }
}

internal sealed class Event
{
    public event Action<Target>? Raised
    {
        add { }
        remove { }
    }
}

internal sealed class Parameter
{
    public void Take(in TargetValue value)
    {
    }
}

internal sealed class ReturnType
{
    public Task<Target?> Take() => Task.FromResult<Target?>(null);
}

[Target]
internal sealed class TypeAttribute;

internal sealed class ParameterAttribute
{
    public void Take([Target] int value)
    {
    }
}

internal sealed class ReturnAttribute
{
    [return: Target]
    public int Take() => 1;
}

internal sealed class AttributeArgument
{
    [TypeConverter(typeof(Dictionary<int, Target.Nested[]>))]
    public int Value { get; init; }
}

internal sealed class EnumBesideAttributeArgument
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [DefaultValue(typeof(TargetOf<int>), "")]
    public int Value { get; init; }
}

internal sealed class StaticCall
{
    public int Take() => Target.Call();
}

internal sealed class ExtensionCall
{
    public int Take() => 1.Twice();
}

internal sealed class StaticField
{
    public int Take() => Target.Shared;
}

internal sealed class ObjectCreation
{
    public object Take() => new Target.Nested();
}

internal sealed class TypeOf
{
    public string Take() => typeof(Target).Name;
}

internal sealed class TypeTest
{
    public bool Take(object value) => value is ITarget;
}

internal sealed class MethodGroup
{
    public Func<int> Take() => Target.Call;
}

internal sealed class TypeArgument
{
    public int Take() => Enumerable.Empty<Target>().Count();
}

internal sealed class LocalVariable
{
    public string? Take()
    {
        TargetValue value = default;
        return value.ToString();
    }
}

internal sealed class CatchClause
{
    public void Take()
    {
        try
        {
            GC.KeepAlive(this);
        }
        catch (TargetException)
        {
        }
    }
}

internal sealed class LambdaInGenericMethod
{
    public Func<T, int> Take<T>(int captured) => value => captured + Target.Call();
}

internal sealed class StaticLambda
{
    public Func<int> Take() => static () => Target.Call();
}

internal sealed class LocalFunction
{
    public int Take()
    {
        return Inner();

        static int Inner() => Target.Call();
    }
}

internal sealed class AsyncMethod
{
    public async Task<int> Take()
    {
        await Task.Yield();
        return Target.Call();
    }
}

internal sealed class Iterator
{
    public IEnumerable<int> Take()
    {
        yield return Target.Call();
    }
}

internal sealed class Outer
{
    private sealed class Inner
    {
        public int Take() => Target.Call();
    }
}

internal sealed class AfterSwitch
{
    public int Take(int value) => value switch
    {
        0 => 5,
        1 => 40,
        2 => 3,
        3 => 1_000_000,
        4 => Target.Call(),
        _ => (int)(value * 0.5 + 10_000_000_000L),
    };
}
