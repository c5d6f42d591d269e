using System.Runtime.InteropServices;

namespace BlockList.Server.DnsChecks;

/// <summary>A context of libunbound; deleted when the last call that uses it has returned.</summary>
internal sealed class UnboundHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibUnbound.Delete(handle);
        return true;
    }
}
