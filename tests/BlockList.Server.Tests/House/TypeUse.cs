namespace BlockList.Server.Tests.House;

/// <summary>One use that compiled code makes of a type.</summary>
/// <param name="User">The type as someone wrote it; what the compiler made of its lambdas and async methods counts as its own.</param>
/// <param name="Member">The member that it was written in, or the type's own name for what stands in its declaration.</param>
/// <param name="Used">The type that is used.</param>
internal sealed record TypeUse(Type User, string Member, Type Used);
