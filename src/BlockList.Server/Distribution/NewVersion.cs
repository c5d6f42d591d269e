namespace BlockList.Server.Distribution;

/// <summary>What a hint says: the newest version of a list, and whether it should be pulled within seconds.</summary>
internal sealed record NewVersion(int Serial, bool Urgent);
