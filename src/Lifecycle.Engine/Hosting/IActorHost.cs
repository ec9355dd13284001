using Lifecycle.Engine.Actors;

namespace Lifecycle.Engine.Hosting;

/// <summary>Another host than one process: it decides where each actor lives, and starts the scheduler itself.</summary>
internal interface IActorHost
{
    /// <summary>The port over actors wherever they are.</summary>
    /// <param name="services">What those of this process share.</param>
    /// <param name="actors">Those of this process.</param>
    HostedCustomers Make(ActorServices services, LocalActors actors);
}
