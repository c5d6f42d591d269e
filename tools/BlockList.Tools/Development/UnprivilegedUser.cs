using System.Text;

namespace BlockList.Tools.Development;

/// <summary>
/// Who owns the server processes and the state directory: oneself, or the system user <c>blocklist-dev</c> when root
/// runs the tools, because <c>initdb</c> refuses root and no role of the server should ever have needed it.
/// </summary>
internal sealed record UnprivilegedUser(string Name, uint UserId, uint GroupId, bool Switches)
{
    private const string SystemUser = "blocklist-dev";
    private const int AlreadyExists = 9;
    private static readonly Lazy<UnprivilegedUser> Resolved = new(Resolve);

    public static UnprivilegedUser Current => Resolved.Value;

    /// <summary>
    /// The command that runs <paramref name="commandLine"/> as this user in a session of its own (a terminal's Ctrl-C
    /// reaches only the tools, which then stop everything in order), and signals it when the tools die, however they die.
    /// </summary>
    public IReadOnlyList<string> Wrap(IReadOnlyList<string> commandLine, UnixSignal deathSignal = UnixSignal.Terminate)
    {
        // Tools started in the background by a script inherit ignored interrupts, which their children must not.
        List<string> wrapped = ["/usr/bin/env", "--default-signal=HUP,INT,QUIT,TERM", "/usr/bin/setsid", "/usr/bin/setpriv"];
        if (Switches)
            wrapped.AddRange(["--reuid", Name, "--regid", $"{GroupId}", "--clear-groups"]);
        wrapped.AddRange(["--no-new-privs", "--pdeathsig", NameOf(deathSignal), "--"]);
        // A parent that was killed before setpriv asked for the signal sends none: the program then has another parent, and does not start.
        wrapped.AddRange(["/bin/sh", "-c", "[ \"$PPID\" = \"$0\" ] && exec \"$@\"", $"{Environment.ProcessId}"]);
        wrapped.AddRange(commandLine);
        return wrapped;
    }

    /// <summary>Found by trying: mode bits alone do not show access lists, read-only mounts or confinement.</summary>
    public bool CanReach(string directory) =>
        Subprocess.Run([.. Wrap(["/usr/bin/test", "-r", directory, "-a", "-x", directory])]).ExitCode == 0;

    public void Own(string path)
    {
        if (Switches && Libc.ChangeOwner(Encoding.UTF8.GetBytes(path + '\0'), UserId, GroupId) != 0)
            throw new IOException($"{path} could not be given to the user {Name}. Is it on a file system that keeps owners?");
    }

    private static string NameOf(UnixSignal signal) => signal switch
    {
        UnixSignal.Hangup => "HUP",
        UnixSignal.Interrupt => "INT",
        UnixSignal.Quit => "QUIT",
        UnixSignal.Kill => "KILL",
        UnixSignal.Terminate => "TERM",
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "setpriv is not told this signal."),
    };

    private static UnprivilegedUser Resolve()
    {
        var user = Libc.EffectiveUser() == 0
            ? Find() ?? Create()
            : new UnprivilegedUser(Environment.UserName, Libc.EffectiveUser(), Libc.EffectiveGroup(), Switches: false);
        // Where switching fails (a container without the right to), every later question would get a misleading no.
        Subprocess.Run([.. user.Wrap(["/bin/true"])]).Require();
        return user;
    }

    private static UnprivilegedUser Create()
    {
        var added = Subprocess.Run(
            "/usr/sbin/useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
            "--shell", "/usr/sbin/nologin", "--comment", "BlockList development", SystemUser);
        // Two test programs may start at the same moment; the slower one finds the user made.
        if (added.ExitCode != AlreadyExists)
            added.Require();
        return Find() ?? throw new InvalidOperationException($"useradd reported success, yet there is no user {SystemUser}.");
    }

    private static UnprivilegedUser? Find()
    {
        var fields = Subprocess.Run("/usr/bin/getent", "passwd", SystemUser).Output.Trim().Split(':');
        return fields.Length > 3 ? new UnprivilegedUser(SystemUser, uint.Parse(fields[2], null), uint.Parse(fields[3], null), Switches: true) : null;
    }
}
