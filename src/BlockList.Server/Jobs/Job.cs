using Quartz;

namespace BlockList.Server.Jobs;

/// <summary>One recurring job: its name, its class and how often it runs.</summary>
internal sealed record Job(string Name, Type Type, TimeSpan Every)
{
    public static Job Of<T>(string name, TimeSpan every) where T : IJob => new(name, typeof(T), every);
}
