using System.Security.Cryptography;

namespace BlockList.Server.Curation.Pages;

/// <summary>The id of a form that decides: random, given when it is first shown, and the same when it comes back, so that
/// it decides once however often it is sent.</summary>
internal static class FormIds
{
    public const string Field = "submission";

    public static Guid Of(FormValues values) => Guid.TryParse(values[Field], out var id) && id != Guid.Empty ? id : New();

    public static Guid New() => new(RandomNumberGenerator.GetBytes(16));
}
