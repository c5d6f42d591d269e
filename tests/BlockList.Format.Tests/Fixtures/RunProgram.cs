using System.Diagnostics;

namespace BlockList.Format.Tests.Fixtures;

/// <summary>Runs a program of the system to its end.</summary>
internal static class RunProgram
{
    internal static (int ExitCode, byte[] Output, string Error) Run(string program, string[] arguments, ReadOnlySpan<byte> input, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException(program);
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything; its exit code says what it thinks.
        }
        process.WaitForExit();
        reading.Wait();
        return (process.ExitCode, output.ToArray(), error.Result);
    }
}
