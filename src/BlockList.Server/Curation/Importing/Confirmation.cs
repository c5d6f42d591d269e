using System.Globalization;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Importing;

/// <summary>A number typed to say that it is meant: whoever decides on more than a screenful at once has read how many.</summary>
internal static class Confirmation
{
    /// <summary>Above this many, the number is typed.</summary>
    public const int Above = 25;

    /// <returns>What is wrong, or null.</returns>
    public static FieldError? Find(string typed, int expected, string field, string what)
    {
        if (expected <= Above) return null;
        var digits = string.Concat(typed.Where(c => !char.IsWhiteSpace(c) && c is not (',' or '.' or '\'' or '’')));
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == expected) return null;
        return new FieldError(field, digits.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Type how many {what}: {expected}.")
            : string.Create(CultureInfo.InvariantCulture, $"You typed another number than there are {what}: it is {expected}. Is this the import that you mean?"));
    }
}
