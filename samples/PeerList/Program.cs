using Swim.AspNetCore;
using Swim.Host;

var builder = WebApplication.CreateSlimBuilder(args);

// The member of the cluster: joins when the service has started, leaves before it stops.
builder.Services.AddSwim().Bind(builder.Configuration.GetSection(SwimOptions.SectionName));
builder.Services.AddHealthChecks().AddSwim();

var app = builder.Build();

app.MapGet(
    "/peers",
    (ISwimCluster cluster) => cluster.Members.Select(peer => peer.Identity.EndPoint.ToString())
);
app.MapHealthChecks("/health");
app.MapSwim("/swim");
app.Run();
