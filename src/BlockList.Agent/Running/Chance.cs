using System.Security.Cryptography;

namespace BlockList.Agent.Running;

/// <summary>A number from 0 to below 1. Ten thousand agents must not ask at the same second.</summary>
internal delegate double Chance();

internal static class Chances
{
    private const int Steps = 1 << 30;

    public static double OfMachine() => RandomNumberGenerator.GetInt32(Steps) / (double)Steps;
}
