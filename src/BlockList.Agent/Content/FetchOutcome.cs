using BlockList.Agent.State;

namespace BlockList.Agent.Content;

internal sealed record FetchOutcome(ListVersion Version, FetchWay Way);
