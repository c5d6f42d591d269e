namespace BlockList.Server.Access;

/// <param name="Token">Last part of the link, for the addresses of its form.</param>
/// <param name="Person">Who is invited.</param>
/// <param name="Agency">Its name; null for people of the operator.</param>
/// <param name="Inviter">Name; null for the operator's command.</param>
/// <param name="Invitation">Its row.</param>
/// <param name="EarlierPasskeys">How many the person has.</param>
internal sealed record InvitationModel(string Token, Person Person, string? Agency, string? Inviter, Invitation Invitation, int EarlierPasskeys);
