namespace BlockList.Server.Publishing.Pages;

/// <summary>An entry that one of two versions has and the other has not.</summary>
/// <param name="Id">Of its stretch; goes up with each version and, within one, with the lines.</param>
/// <param name="Serial">The version that added or removed it.</param>
/// <param name="Line">As the published file writes it.</param>
/// <param name="Episode">Whose decisions led to it; null for test names.</param>
/// <param name="Subject">Handle of its page; null where it has none.</param>
/// <param name="Because">Why it was removed; null for additions.</param>
internal sealed record Change(long Id, int Serial, string Line, Guid? Episode, Guid? Subject, string? Because);
