namespace BlockList.Server.Development;

/// <summary>Section <c>Development</c>; no release reads it.</summary>
internal sealed class DevelopmentOptions
{
    public const string Section = "Development";

    /// <summary>Folder with one private key for each demo person.</summary>
    public string Passkeys { get; set; } = "";
}
