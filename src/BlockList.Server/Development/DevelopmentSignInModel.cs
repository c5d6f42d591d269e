using BlockList.Server.Access;

namespace BlockList.Server.Development;

/// <param name="To">Local path to go on to.</param>
/// <param name="Kept">Fields of an interrupted form.</param>
/// <param name="People">Whom one can be.</param>
internal sealed record DevelopmentSignInModel(string To, IReadOnlyDictionary<string, string> Kept, IReadOnlyList<Person> People);
