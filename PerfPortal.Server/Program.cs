using PerfPortal.Server.Components;

bool published = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = published ? AppContext.BaseDirectory : null,
});
builder.WebHost.UseStaticWebAssets();
builder.Services.AddPortalComponents();

var app = builder.Build();
app.MapPortalComponents();
app.Run();
