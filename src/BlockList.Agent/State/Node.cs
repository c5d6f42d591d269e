using System.Security.Cryptography;
using System.Text;

namespace BlockList.Agent.State;

/// <summary>Which installation of a provider this is: drawn once, so that the operator can tell several resolvers apart whatever certificate
/// they show. It says nothing of the machine. A lost one is drawn anew; the operator forgets the old one after seven days.</summary>
internal static class Node
{
    private const int Digits = 16;

    public static string Of(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, "node");
        if (DurableFile.TryRead(path) is { } bytes && Encoding.ASCII.GetString(bytes).Trim() is { Length: Digits } known && known.All(char.IsAsciiHexDigitLower)) return known;
        var drawn = RandomNumberGenerator.GetHexString(Digits, lowercase: true);
        DurableFile.Write(path, Encoding.ASCII.GetBytes(drawn + "\n"));
        return drawn;
    }
}
