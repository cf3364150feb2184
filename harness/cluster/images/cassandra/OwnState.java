import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.management.Attribute;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Prints the two letters that `nodetool status` has at the line of an address, from the attributes out of which nodetool makes them: UN is up and
 * normal. Nothing for an address that is not in the ring. nodetool itself takes four times as long, most of it for commands nobody asked for, and
 * within half a processor the probe has five seconds.
 */
public class OwnState {
  private static final String[] ATTRIBUTES = {
    "TokenToEndpointMap", "LiveNodes", "UnreachableNodes", "JoiningNodes", "LeavingNodes", "MovingNodes",
  };

  public static void main(String[] arguments) throws Exception {
    String address = arguments[0];
    JMXServiceURL server = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:7199/jmxrmi");
    try (JMXConnector connector = JMXConnectorFactory.connect(server)) {
      MBeanServerConnection beans = connector.getMBeanServerConnection();
      Map<String, Object> told = new HashMap<>();
      for (Attribute each : beans.getAttributes(new ObjectName("org.apache.cassandra.db:type=StorageService"), ATTRIBUTES).asList())
        told.put(each.getName(), each.getValue());
      if (told.size() < ATTRIBUTES.length) throw new IllegalStateException("the server told only of " + told.keySet());
      if (!((Map<?, ?>) told.get("TokenToEndpointMap")).containsValue(address)) return;
      String isUp = firstThatHas(address, told, "U LiveNodes", "D UnreachableNodes", "?");
      String state = firstThatHas(address, told, "J JoiningNodes", "L LeavingNodes", "M MovingNodes", "N");
      System.out.println(isUp + state);
    }
  }

  /** Each choice is a letter and the attribute that lists the addresses it stands for; the last is the letter of all others. */
  private static String firstThatHas(String address, Map<String, Object> told, String... choices) {
    return Arrays.stream(choices)
        .map(choice -> choice.split(" "))
        .filter(choice -> choice.length == 1 || ((Collection<?>) told.get(choice[1])).contains(address))
        .findFirst()
        .get()[0];
  }
}
