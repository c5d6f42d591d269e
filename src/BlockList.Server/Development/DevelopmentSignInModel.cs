using BlockList.Server.Access;

namespace BlockList.Server.Development;

internal sealed record DevelopmentSignInModel(string To, IReadOnlyList<Person> People);
