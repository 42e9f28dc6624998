using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Swim.Host.Tests.Hosting;

/// <summary>The manifests that are offered are valid, and fit the options and each other.</summary>
public sealed class DeploymentTests
{
    private static readonly List<object> Manifests = KubernetesYaml.LoadAllFromString(
        File.ReadAllText(RepositoryFiles.PathOf("deploy/kubernetes.yaml")),
        strict: true
    );

    [Fact]
    public void The_members_find_each_other_by_the_headless_service()
    {
        var service = Assert.Single(Manifests.OfType<V1Service>());
        var members = Assert.Single(Manifests.OfType<V1StatefulSet>());
        Assert.Equal("None", service.Spec.ClusterIP);
        Assert.True(service.Spec.PublishNotReadyAddresses);
        Assert.Equal(service.Metadata.Name, members.Spec.ServiceName);
        Assert.Equal(service.Spec.Selector, members.Spec.Template.Metadata.Labels);
        Assert.Equal(members.Spec.Selector.MatchLabels, members.Spec.Template.Metadata.Labels);

        var container = Assert.Single(members.Spec.Template.Spec.Containers);
        var port = Assert.Single(service.Spec.Ports);
        Assert.Contains(
            container.Ports,
            other => other.ContainerPort == port.Port && other.Protocol == "UDP" && port.Protocol == "UDP"
        );
        Assert.Contains(
            container.Env,
            variable =>
                variable.Name == "Swim__Seeds__0" && variable.Value == $"{service.Metadata.Name}:{port.Port}"
        );
    }

    [Fact]
    public void Every_setting_is_an_option_that_can_be_used()
    {
        var container = Manifests.OfType<V1StatefulSet>().Single().Spec.Template.Spec.Containers.Single();
        var settings = container
            .Env.Where(variable => variable.Name.StartsWith("Swim__", StringComparison.Ordinal))
            .Select(variable =>
                (
                    Key: variable.Name["Swim__".Length..].Replace("__", ":", StringComparison.Ordinal),
                    Value: variable.Value.Replace("$(POD_IP)", "10.0.0.7", StringComparison.Ordinal)
                )
            )
            .ToArray();

        Assert.All(
            settings,
            setting => Assert.NotNull(typeof(SwimOptions).GetProperty(setting.Key.Split(':')[0]))
        );

        SwimNodeOptions? node = null;
        using var host = TestHost.Create(services =>
            services
                .AddSwim(options => options.ConfigureNode = made => node = made)
                .Bind(TestHost.Configuration(settings))
        );
        host.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal("10.0.0.7", node!.AdvertiseEndPoint!.Address.ToString());
        Assert.Equal("0.0.0.0:7946", node.BindEndPoint.ToString());
    }
}
