using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Development;

public sealed class DotnetProgramTests : IDisposable
{
    private readonly StateDirectory _state = StateDirectory.Temporary();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_dotnet_that_the_user_can_run_stays_where_it_is()
    {
        using var open = new Checkout();
        Directory.CreateDirectory(Path.Combine(open.Path, "shared"));
        File.CreateSymbolicLink(Path.Combine(open.Path, "dotnet"), await DotnetProgram.FindAsync(_state, Ct));

        Assert.Equal(Path.Combine(open.Path, "dotnet"), await DotnetProgram.FindAsync(_state, open.Path, Ct));
    }

    [Fact]
    public async Task A_dotnet_in_roots_home_is_copied_and_runs()
    {
        Assert.SkipUnless(_state.User.Switches, "Only root has folders that the processes' user cannot enter.");
        var real = Path.GetDirectoryName(await DotnetProgram.FindAsync(_state, Ct))!;
        using var closed = new Checkout(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var part in (string[])["dotnet", "host", "shared"])
            File.CreateSymbolicLink(Path.Combine(closed.Path, part), Path.Combine(real, part));

        var dotnet = await DotnetProgram.FindAsync(_state, closed.Path, Ct);

        Assert.StartsWith(_state.Root, dotnet, StringComparison.Ordinal);
        Assert.Contains("Microsoft.NETCore.App 10.", Subprocess.Run([.. _state.User.Wrap([dotnet, "--list-runtimes"])]).Require().Output, StringComparison.Ordinal);
    }
}
