using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BlockList.Server.Mail;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Mail;

/// <summary>A real SMTP server in a process of its own, with a certificate made for it.</summary>
internal sealed class Relay : IAsyncDisposable
{
    public const string User = "blocklist";
    private readonly string directory;
    private readonly Process process;

    private Relay(string directory, Process process, int port) => (this.directory, this.process, Port) = (directory, process, port);

    public int Port { get; }

    public string CertificateFile => Path.Combine(directory, "relay.pem");

    public string PasswordFile => Path.Combine(directory, "password");

    /// <param name="security">As in [Mail] Security.</param>
    /// <param name="signIn">Whether mail is taken from its user alone.</param>
    /// <param name="port">0: a free one.</param>
    public static async Task<Relay> StartAsync(string security = MailOptions.Plain, bool signIn = false, int port = 0)
    {
        var directory = Directory.CreateTempSubdirectory("relay-").FullName;
        var (certificate, key, password) = (Path.Combine(directory, "relay.pem"), Path.Combine(directory, "relay.key"), Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)));
        await File.WriteAllTextAsync(Path.Combine(directory, "password"), password + "\n");
        (await Subprocess.RunAsync(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate])).Require();
        string[] arguments = ["--pdeathsig", "KILL", "/usr/bin/python3", Path.Combine(House.SourceTree.Root, "tests", "BlockList.Server.Tests", "Mail", "relay.py"), directory, security, certificate, key, signIn ? User : "", signIn ? password : "", port.ToString(CultureInfo.InvariantCulture)];
        var process = await Spawner.StartAsync(new ProcessStartInfo("/usr/bin/setpriv", arguments) { RedirectStandardOutput = true });
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? throw new InvalidOperationException("The relay did not start; is Debian's python3-aiosmtpd installed?");
        return new Relay(directory, process, int.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture));
    }

    /// <summary>What it accepted, in the order in which it came.</summary>
    public IReadOnlyList<ReceivedMail> Received => [.. Directory.GetFiles(directory, "*.json").Order(StringComparer.Ordinal).Select(file => JsonSerializer.Deserialize<ReceivedMail>(File.ReadAllText(file))!)];

    public IReadOnlyList<ReceivedMail> ReceivedBy(string address) => [.. Received.Where(mail => mail.To.Single() == address)];

    public async Task StopAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}

/// <summary>A mail as Python's parser reads what came.</summary>
internal sealed record ReceivedMail(string From, string[] To, bool Tls, string? User, string Raw, string Type, string[][] Headers, ReceivedPart[] Parts, string[] Defects)
{
    /// <summary>The one header of this name.</summary>
    public string this[string name] => Headers.Single(header => header[0].Equals(name, StringComparison.OrdinalIgnoreCase))[1];
}

internal sealed record ReceivedPart(string Type, string Charset, string Encoding, string Language, string Text);
