using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Development;

public sealed class StateDirectoryTests
{
    [Fact]
    public void A_temporary_directory_is_its_owners_alone_and_goes_with_its_disposal()
    {
        string root;
        using (var state = StateDirectory.Temporary())
        {
            root = state.Root;
            state.Write(Path.Combine(state.Directory("a", "b"), "secret"), "text", secret: true);

            Assert.Equal($"{state.User.Name} 700", Stat(root));
            Assert.Equal($"{state.User.Name} 700", Stat(state.File("a", "b")));
            Assert.Equal($"{state.User.Name} 600", Stat(state.File("a", "b", "secret")));
        }

        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void A_checkout_that_can_be_reached_keeps_its_state_inside()
    {
        using var checkout = new Checkout();
        using var state = StateDirectory.Open(checkout.Path);

        Assert.Equal(Path.Combine(checkout.Path, ".local"), state.Root);
    }

    [Fact]
    public void A_checkout_in_a_folder_of_roots_own_keeps_its_state_in_var_tmp_and_points_there()
    {
        Assert.SkipUnless(UnprivilegedUser.Current.Switches, "Only root has folders that the processes' user cannot enter.");
        using var checkout = new Checkout(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        string root;
        using (var state = StateDirectory.Open(checkout.Path))
            root = state.Root;

        using (var again = StateDirectory.Open(checkout.Path))
            Assert.Equal(root, again.Root);
        Assert.StartsWith("/var/tmp/blocklist-0-", root, StringComparison.Ordinal);
        Assert.Equal(root, new FileInfo(Path.Combine(checkout.Path, ".local")).LinkTarget);
        Assert.True(UnprivilegedUser.Current.CanReach(root));
    }

    [Fact]
    public void A_checkout_with_a_long_path_keeps_its_state_where_sockets_fit()
    {
        using var checkout = new Checkout(below: new string('d', 90));
        using var state = StateDirectory.Open(checkout.Path);

        Assert.StartsWith("/var/tmp/blocklist-", state.Root, StringComparison.Ordinal);
        Assert.StartsWith(state.Root, state.Socket("s", ".s.PGSQL.5432"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_run_in_the_same_checkout_is_refused()
    {
        using var checkout = new Checkout();
        using var first = StateDirectory.Open(checkout.Path);

        var refused = Assert.Throws<InvalidOperationException>(() => StateDirectory.Open(checkout.Path));
        Assert.StartsWith("Another run uses", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_of_somebody_else_is_refused()
    {
        Assert.SkipUnless(UnprivilegedUser.Current.Switches, "Only root can make a directory of somebody else.");
        using var checkout = new Checkout();
        Directory.CreateDirectory(Path.Combine(checkout.Path, ".local"));

        var refused = Assert.Throws<InvalidOperationException>(() => StateDirectory.Open(checkout.Path));
        Assert.Contains("does not belong to the user", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_path_that_Linux_cannot_hold_is_refused_with_its_length()
    {
        using var state = StateDirectory.Temporary();
        Assert.EndsWith("/s", state.Socket("s"), StringComparison.Ordinal);
        var longest = new string('s', 107 - state.Root.Length - 1);

        Assert.Equal(107, state.Socket(longest).Length);
        var refused = Assert.Throws<InvalidOperationException>(() => state.Socket(longest + "s"));
        Assert.Contains("108 bytes", refused.Message, StringComparison.Ordinal);
    }

    private static string Stat(string path) => Subprocess.Run("/usr/bin/stat", "--format=%U %a", path).Require().Output.Trim();
}
