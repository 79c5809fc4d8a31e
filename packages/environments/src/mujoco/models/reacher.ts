/** MJCF of Reacher-v5 without its looks; angles in radians, lengths in metres. */
export const reacherModel = `<mujoco model="reacher">
  <compiler angle="radian" inertiafromgeom="true"/>
  <option timestep="0.01" integrator="RK4"/>
  <size memory="1M"/>
  <default>
    <geom type="capsule" contype="0" friction="1 0.1 0.1" conaffinity="0"/>
    <motor gear="200" ctrlrange="-1 1"/>
  </default>
  <worldbody>
    <geom name="ground" type="plane" size="1 1 10"/>
    <geom name="sideS" fromto="-0.3 -0.3 0.01 0.3 -0.3 0.01" size="0.02"/>
    <geom name="sideE" fromto="0.3 -0.3 0.01 0.3 0.3 0.01" size="0.02"/>
    <geom name="sideN" fromto="-0.3 0.3 0.01 0.3 0.3 0.01" size="0.02"/>
    <geom name="sideW" fromto="-0.3 -0.3 0.01 -0.3 0.3 0.01" size="0.02"/>
    <geom name="root" type="cylinder" fromto="0 0 0 0 0 0.02" size="0.011"/>
    <body name="body0" pos="0 0 0.01">
      <joint name="joint0" axis="0 0 1" damping="1" armature="1"/>
      <geom name="link0" fromto="0 0 0 0.1 0 0" size="0.01" conaffinity="1"/>
      <body name="body1" pos="0.1 0 0">
        <joint name="joint1" axis="0 0 1" range="-3 3" damping="1" armature="1"/>
        <geom name="link1" fromto="0 0 0 0.1 0 0" size="0.01" conaffinity="1"/>
        <body name="fingertip" pos="0.11 0 0">
          <geom name="fingertip" type="sphere" size="0.01" conaffinity="1"/>
        </body>
      </body>
    </body>
    <body name="target" pos="0.1 -0.1 0.01">
      <joint name="target_x" type="slide" axis="1 0 0" range="-0.27 0.27" ref="0.1"/>
      <joint name="target_y" type="slide" axis="0 1 0" range="-0.27 0.27" ref="-0.1"/>
      <geom name="target" type="sphere" size="0.009"/>
    </body>
  </worldbody>
  <actuator>
    <motor joint="joint0"/>
    <motor joint="joint1"/>
  </actuator>
</mujoco>
`;
