using System.ComponentModel;
using BlockList.Server.Tests.House.Samples.Below;

namespace BlockList.Server.Tests.House.Samples.Above;

/// <summary>One class for each way in which code can use a type. All but the last use one of <c>Below</c>.</summary>
internal static class Ways
{
    internal sealed class BaseType : Thing;

    internal sealed class Interface : Thing.IMark;

    [Thing.Mark]
    internal sealed class AttributeOfType;

    internal sealed class AttributeOfParameter
    {
        public static int Run([Thing.Mark] int value) => value;
    }

    [TypeConverter(typeof(Thing))]
    internal sealed class TypeInAttribute;

    internal sealed class Constraint<T> where T : Thing;

    internal sealed class Field
    {
        public Dictionary<string, Thing[]> Kept = [];
    }

    internal sealed class Signature
    {
        public static void Run(ref Thing? thing) => thing = null;
    }

    internal sealed class ArgumentOfMethod
    {
        public static object[] Run() => Array.Empty<Thing>();
    }

    internal sealed class StaticProperty
    {
        public static int Run() => Thing.Number;
    }

    internal sealed class ResultNobodyNames
    {
        public static string? Run() => Thing.Make().ToString();
    }

    internal sealed class TypeOf
    {
        public static string Run() => typeof(Thing).Name;
    }

    internal sealed class Caught
    {
        public static bool Run(Action action)
        {
            try
            {
                action();
                return true;
            }
            catch (Thing.ThingException)
            {
                return false;
            }
        }
    }

    internal sealed class Awaited
    {
        public static async Task<bool> RunAsync() => await Thing.MakeAsync() is null;
    }

    internal sealed class Lambda
    {
        public static Func<int, bool> Run(int least) => value => value > least + Thing.Number;
    }

    internal sealed class Iterated
    {
        public static IEnumerable<int> Run()
        {
            yield return 1;
            yield return Thing.Number;
        }
    }

    internal sealed class None
    {
        public static IEnumerable<int> Run(string text) => text.Select(character => (int)character);
    }
}
