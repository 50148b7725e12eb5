FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src

# What decides the restored packages comes first, so that a change of code leaves this layer alone.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY PerfPortal.Domain/PerfPortal.Domain.csproj PerfPortal.Domain/
COPY PerfPortal.Server/PerfPortal.Server.csproj PerfPortal.Server/
RUN dotnet restore PerfPortal.Server/PerfPortal.Server.csproj

COPY . .
RUN dotnet publish PerfPortal.Server/PerfPortal.Server.csproj --configuration Release --no-restore --output /app

# A new volume takes its owner from the image's folder, which must therefore belong to the user that the portal runs as.
RUN mkdir -p /empty/data

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS final
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=$APP_UID:$APP_UID /empty/data /data

# The runtime image sets HTTP_PORTS, which the addresses override with a warning at each start.
ENV PerfPortal__DataDirectory=/data \
    ASPNETCORE_HTTP_PORTS= \
    ASPNETCORE_URLS=http://+:5080
VOLUME /data
EXPOSE 5080
USER $APP_UID

# The image has no curl: the program asks itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["dotnet", "PerfPortal.Server.dll", "healthcheck"]

ENTRYPOINT ["dotnet", "PerfPortal.Server.dll"]
