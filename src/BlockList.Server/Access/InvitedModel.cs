namespace BlockList.Server.Access;

/// <param name="Person">Who is invited.</param>
/// <param name="Invitation">Its row.</param>
/// <param name="Link">With its secret: shown now and never again.</param>
internal sealed record InvitedModel(Person Person, Invitation Invitation, string Link);
