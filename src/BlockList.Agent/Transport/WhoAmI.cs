using BlockList.Format.Json;

namespace BlockList.Agent.Transport;

/// <summary>Whom the server takes this certificate for, and what it may read.</summary>
internal sealed record WhoAmI(string Provider, int CertificateDaysLeft, IReadOnlyList<string> Lists, string Deployment)
{
    private const int LongestAnswer = 64 * 1024;

    public static async Task<WhoAmI> AskAsync(ServerConnection server, CancellationToken ct)
    {
        var bytes = await server.GetFileAsync("v1/whoami", LongestAnswer, ct);
        try
        {
            var json = CanonicalJson.Parse(bytes);
            return new WhoAmI(
                json.GetProperty("provider").GetString()!,
                json.GetProperty("certificate_days_left").GetInt32(),
                [.. json.GetProperty("lists").EnumerateArray().Select(l => l.GetString()!)],
                json.GetProperty("deployment").GetString()!);
        }
        catch (Exception problem) when (problem is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ServerException($"{server.Address.Authority} answered \"who am I\" with something else. Check that [bundle] server is the address of a list server.", problem);
        }
    }
}
