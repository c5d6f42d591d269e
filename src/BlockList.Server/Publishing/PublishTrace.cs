using System.Diagnostics;

namespace BlockList.Server.Publishing;

/// <summary>The costly steps of publishing as activities, for whoever listens; without a listener they cost nothing.</summary>
internal static class PublishTrace
{
    public const string CatchUp = "catch up with the ledger";
    public const string Take = "take decisions";
    public const string VerifySignatures = "verify signatures";
    public const string ReadCurrent = "read and verify what is published";
    public const string Assemble = "assemble the list";
    public const string Compose = "compose the files";
    public const string Compress = "compress";
    public const string StoreVersion = "store the version's rows";
    public const string StoreFile = "store files";
    public const string FirstPublications = "record first publications";

    public const string Name = "BlockList.Publishing";

    private static readonly ActivitySource Source = new(Name);

    public static Activity? Start(string step) => Source.StartActivity(step);
}
