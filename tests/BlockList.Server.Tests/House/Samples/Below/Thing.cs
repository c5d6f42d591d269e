namespace BlockList.Server.Tests.House.Samples.Below;

/// <summary>What <see cref="Above.Ways"/> uses, in each way that there is.</summary>
public class Thing
{
    public static readonly Thing Kept = new();

    public static int Number { get; set; }

    public static Thing Make() => Kept;

    public static Task<Thing> MakeAsync() => Task.FromResult(Kept);

    public interface IMark;

    public sealed class ThingException : Exception;

    [AttributeUsage(AttributeTargets.All)]
    public sealed class MarkAttribute : Attribute;
}
