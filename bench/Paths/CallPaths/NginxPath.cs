namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>nginx. Behind, it puts one call at a time on a connection; so it keeps enough of them.</summary>
internal sealed class NginxPath() : ProxyPath("nginx", CallKind.Grpc, "nginx", "nginx")
{
    protected override IEnumerable<string> Arguments(string folder, int port, int upstream) =>
        ["-p", folder, "-e", "stderr", "-c", Write(folder, Configuration(port, upstream))];

    private static string Configuration(int port, int upstream) => $$"""
        daemon off;
        master_process off;
        worker_processes 1;
        pid nginx.pid;
        error_log stderr error;
        events { worker_connections 4096; }
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            keepalive_timeout 1h;
            keepalive_requests 1000000000;
            http2_max_concurrent_streams 1000;
            upstream echo {
                server 127.0.0.1:{{upstream}};
                keepalive 1000;
                keepalive_requests 1000000000;
                keepalive_timeout 1h;
            }
            server {
                listen 127.0.0.1:{{port}} http2;
                location / { grpc_pass grpc://echo; }
            }
        }

        """;
}
