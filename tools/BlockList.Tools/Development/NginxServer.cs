using System.Globalization;

namespace BlockList.Tools.Development;

/// <summary>A bare nginx that serves files of a folder over mutual TLS, with a worker for each processor and nothing written down.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly ManagedProcess process;

    private NginxServer(ManagedProcess process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    public int ProcessId => process.ProcessId;

    /// <param name="state">Where its files lie.</param>
    /// <param name="pki">Whose server certificate it shows, and whose clients it lets in.</param>
    /// <param name="folder">What it serves.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<NginxServer> StartAsync(StateDirectory state, DevelopmentPki pki, string folder, CancellationToken ct)
    {
        var port = FreePort.Pick(0).Port;
        var own = state.Directory("nginx");
        var configuration = state.Write(Path.Combine(own, "nginx.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off;
            worker_processes auto;
            pid {{own}}/pid;
            error_log stderr notice;
            events { worker_connections 16384; }
            http {
              access_log off;
              client_body_temp_path {{own}}/body; proxy_temp_path {{own}}/proxy; fastcgi_temp_path {{own}}/fastcgi; uwsgi_temp_path {{own}}/uwsgi; scgi_temp_path {{own}}/scgi;
              sendfile on;
              keepalive_requests 1000000;
              open_file_cache max=100 inactive=10m;
              server {
                listen 127.0.0.1:{{port}} ssl backlog=4096;
                root {{folder}};
                ssl_certificate {{pki.ServerCertificateFile}};
                ssl_certificate_key {{pki.ServerKeyFile}};
                ssl_client_certificate {{pki.ClientAuthorityFile}};
                ssl_verify_client on;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_session_cache off;
                ssl_session_tickets off;
              }
            }
            """));
        var process = await ManagedProcess.StartAsync(state, new ProgramStart("nginx", ["/usr/sbin/nginx", "-c", configuration, "-e", "stderr"]), ct);
        await process.WaitForLineAsync(line => line.Contains("start worker process ", StringComparison.Ordinal), ct: ct);
        return new NginxServer(process, port);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
