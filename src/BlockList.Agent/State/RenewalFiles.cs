namespace BlockList.Agent.State;

/// <summary>Certificates and keys that this agent got by itself, in its state directory. No list has a dot in its name.</summary>
internal static class RenewalFiles
{
    /// <summary>In the directory of each list: the authorities of the server that its metadata names.</summary>
    public const string ServerCaName = "server-ca.pem";

    /// <summary>Those of all lists.</summary>
    public static IEnumerable<string> ServerCasIn(string stateDirectory) => Directory.Exists(stateDirectory)
        ? Directory.EnumerateDirectories(stateDirectory).Select(list => Path.Combine(list, ServerCaName)).Where(File.Exists)
        : [];

    /// <summary>The pair in use: certificate and key in one file.</summary>
    public static string IdentityOf(string stateDirectory) => Path.Combine(stateDirectory, "identity.pem");

    /// <summary>A pair that was not tried yet.</summary>
    public static string CandidateOf(string stateDirectory) => Path.Combine(stateDirectory, "candidate.pem");

    /// <summary>The key that waits for its certificate in a renewal.</summary>
    public static string KeyOf(string stateDirectory) => Path.Combine(stateDirectory, "renewal.key.pem");

    /// <summary>When a renewal was last tried, and how often in vain.</summary>
    public static string AttemptsOf(string stateDirectory) => Path.Combine(stateDirectory, "renewal.json");

    /// <summary>The key that was made for a code. One for each code, by its part that is no secret.</summary>
    public static string KeyOf(string stateDirectory, string handle) => Path.Combine(stateDirectory, $"enrolment-{handle}.key.pem");

    /// <summary>The certificate that came for it.</summary>
    public static string CertificateOf(string stateDirectory, string handle) => Path.Combine(stateDirectory, $"enrolment-{handle}.pem");
}
