namespace BlockList.Server.Names;

/// <summary>
/// What the suffix data says of one name, by the section that says it; <see cref="SuffixSection.Unlisted"/> where it says nothing.
/// </summary>
/// <param name="Itself">The rule <c>name</c>.</param>
/// <param name="Below">The rule <c>*.name</c>.</param>
/// <param name="Exception">The rule <c>!name</c>.</param>
/// <param name="IsDynamic">A dynamic DNS service gives out the names below it.</param>
/// <param name="HasBelow">Somewhere below it stands another rule.</param>
internal readonly record struct SuffixRule(SuffixSection Itself, SuffixSection Below, SuffixSection Exception, bool IsDynamic, bool HasBelow);
