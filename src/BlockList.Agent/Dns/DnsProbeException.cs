namespace BlockList.Agent.Dns;

/// <summary>A server gave no answer that can be read: nobody there, too late, or not DNS. The only failure of a probe.</summary>
internal sealed class DnsProbeException(string message, Exception? inner = null) : Exception(message, inner);
